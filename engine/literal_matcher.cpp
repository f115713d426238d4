#include "engine/literal_matcher.hpp"

#include <algorithm>
#include <bit>

#include "engine/posting_map.hpp"

namespace consign {

void LiteralMatcher::add(std::string_view literal, std::uint32_t place) {
  auto it = raw_.find(literal);
  if (it == raw_.end()) it = raw_.emplace(std::string(literal), std::vector<std::uint32_t>()).first;
  it->second.push_back(place);
}

void LiteralMatcher::build() {
  if (raw_.empty()) return;
  std::size_t bytes = 0;
  for (const auto& [literal, places] : raw_) bytes += literal.size();
  states_.assign(1, State{});
  states_.reserve(bytes + 1);
  ways_.assign(std::bit_ceil(2 * bytes + 2), Way{});
  struct Edge {
    std::uint32_t from, to;
    unsigned char byte;
  };
  std::vector<Edge> edges;
  std::vector<std::uint32_t> depths(1, 0);
  for (auto& [literal, places] : raw_) {
    std::uint32_t state = kRoot;
    for (const char c : literal) {
      const auto byte = static_cast<unsigned char>(c);
      std::uint32_t to = state == kRoot ? root_[byte] : way(state, byte);
      if (to == kRoot) {
        to = static_cast<std::uint32_t>(states_.size());
        states_.emplace_back();
        depths.push_back(depths[state] + 1);
        edges.push_back({state, to, byte});
        if (state == kRoot) {
          root_[byte] = to;
        } else {
          std::size_t at = start(state, byte);
          while (ways_[at].from != kRoot) at = (at + 1) & (ways_.size() - 1);
          ways_[at] = {state, to, byte};
        }
      }
      state = to;
    }
    settle(places);
    states_[state].first = static_cast<std::uint32_t>(places_.size());
    states_[state].count = static_cast<std::uint32_t>(places.size());
    places_.insert(places_.end(), places.begin(), places.end());
  }
  raw_ = {};
  states_.shrink_to_fit();
  places_.shrink_to_fit();
  // A state's fallback is nearer to the root, so states are settled by their depth.
  std::stable_sort(edges.begin(), edges.end(),
                   [&](const Edge& a, const Edge& b) { return depths[a.to] < depths[b.to]; });
  for (const Edge& edge : edges) {
    State& state = states_[edge.to];
    state.fallback = edge.from == kRoot ? kRoot : next(states_[edge.from].fallback, edge.byte);
    state.further = states_[state.fallback].told;
    state.told = state.count > 0 ? edge.to : state.further;
  }
}

std::size_t LiteralMatcher::bytes() const {
  return states_.capacity() * sizeof(State) + ways_.capacity() * sizeof(Way) +
         places_.capacity() * sizeof(std::uint32_t) + (empty() ? 0 : sizeof(root_));
}

}  // namespace consign
