#include "engine/cover_index.hpp"

#include <algorithm>
#include <utility>

namespace consign {

namespace {

/// So few looks at rules take less time than looking them up.
constexpr double kWorthwhile = 8;

}  // namespace

CoverIndex::CoverIndex(const Program& program, bool always)
    : always_(always), rules_(program.run.size()) {
  layers_.push_back({std::make_shared<const IndexLayer>(program, program.run, always), {}});
}

CoverIndex::CoverIndex(const Program& program, const CoverIndex& previous,
                       std::span<const std::uint32_t> moved)
    : always_(previous.always_), rules_(program.run.size()) {
  const Layer& before = previous.layers_.front();
  Layer first{before.rules, std::vector<std::uint32_t>(before.rules->rules())};
  std::vector<bool> filed(rules_);
  for (std::uint32_t place = 0; place < first.now.size(); ++place) {
    const std::uint32_t then = before.places()(place);
    const std::uint32_t now = then == kNone ? kNone : moved[then];
    first.now[place] = now;
    if (now != kNone) filed[now] = true;
  }
  layers_.push_back(std::move(first));
  std::vector<CompiledRule> others;
  Layer second;
  for (std::uint32_t place = 0; place < rules_; ++place) {
    if (filed[place]) continue;
    second.now.push_back(place);
    others.push_back(program.run[place]);
  }
  if (others.empty()) return;
  second.rules = std::make_shared<const IndexLayer>(program, others, always_);
  layers_.push_back(std::move(second));
}

bool CoverIndex::candidates(const Frame& frame, std::pmr::vector<Candidate>& out) const {
  double spared = 0;
  for (const Layer& layer : layers_) spared += layer.rules->spared();
  if (spared < kWorthwhile && !always_) return false;
  Candidates found(out, rules_, frame.line_count(), always_);
  for (const Layer& layer : layers_) {
    found.in(layer.places());
    layer.rules->find(frame, found);
    if (found.too_many()) return false;
  }
  found.settle();
  return true;
}

void CoverIndex::add_waits(const Frame& frame, std::size_t line, PlaceCursor& assigning,
                           PlaceCursor& others) const {
  for (const Layer& layer : layers_) {
    const WaitIndex* waits = layer.rules->waits(frame);
    if (waits != nullptr) waits->look_up(frame, line, layer.places(), assigning, others);
  }
}

IndexLayer::Cost CoverIndex::cost() const {
  IndexLayer::Cost all;
  for (const Layer& layer : layers_) {
    IndexLayer::Cost cost = layer.rules->cost();
    all.groups += cost.groups;
    all.bytes += cost.bytes + layer.now.capacity() * sizeof(std::uint32_t);
    for (IndexLayer::Uncovered each : cost.unindexed) {
      each.place = layer.places()(each.place);
      if (each.place != kNone) all.unindexed.push_back(each);
    }
  }
  std::ranges::sort(all.unindexed, {}, &IndexLayer::Uncovered::place);
  return all;
}

}  // namespace consign
