// Files are read independently of each other: each has its own tree and its own messages, which the
// caller puts together in the order of files. So neither threads nor kept trees can show.

#include "dsl/tree_reader.hpp"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "dsl/parser.hpp"
#include "dsl/yaml_reader.hpp"

namespace consign {

namespace {

/// Less text than this is read sooner than threads start.
constexpr std::size_t kWorthThreads = 256u << 10;
constexpr std::size_t kMostThreads = 8;

ast::File tree_of(SourceId id, const SourceMap& sources, Depth depth, const Limits& limits,
                  DiagnosticSink& messages) {
  const std::string& path = sources.get(id).path;
  if (path.ends_with(".yaml") || path.ends_with(".yml")) {
    return read_yaml(id, sources, limits, messages);
  }
  if (depth == Depth::declarations) {
    if (auto declarations = parse_declarations(id, sources, limits)) {
      return *std::move(declarations);
    }
  }
  return parse_rules(id, sources, limits, messages);
}

Reading read(SourceId id, const SourceMap& sources, Depth depth, const Limits& limits) {
  Reading reading;
  reading.tree =
      std::make_shared<const ast::File>(tree_of(id, sources, depth, limits, reading.messages));
  return reading;
}

/// Calls `work` on as many threads as the text is worth, this one among them.
template <class Work>
void run(std::size_t files, std::size_t bytes, const Work& work) {
  std::vector<std::thread> others;
  if (bytes >= kWorthThreads) {
    const std::size_t cores = std::max(std::thread::hardware_concurrency(), 1u);
    const std::size_t threads = std::min({files, cores, kMostThreads});
    try {
      while (others.size() + 1 < threads) others.emplace_back(work);
    } catch (const std::system_error&) {
      // The system has no more threads to give: those that there are do it all.
    }
  }
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace

std::vector<Reading> read_trees(const SourceMap& sources, Depth depth, const Limits& limits,
                                std::vector<std::shared_ptr<const ast::File>> known) {
  std::vector<Reading> readings(sources.size());
  std::vector<SourceId> unread;
  std::size_t bytes = 0;
  for (SourceId id = 0; id < sources.size(); ++id) {
    readings[id].tree = std::move(known[id]);
    if (readings[id].tree) continue;
    unread.push_back(id);
    bytes += sources.get(id).text.size();
  }
  std::atomic<std::size_t> next = 0;
  run(unread.size(), bytes, [&] {
    for (std::size_t i = next++; i < unread.size(); i = next++) {
      readings[unread[i]] = read(unread[i], sources, depth, limits);
    }
  });
  return readings;
}

}  // namespace consign
