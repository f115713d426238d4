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
/// Trees take some fifteen times the room of their text; those of larger sets are not kept.
constexpr std::size_t kMostKept = 64u << 20;

Reading read(SourceId id, const SourceMap& sources, const Limits& limits) {
  Reading reading;
  const std::string& path = sources.get(id).path;
  const bool yaml = path.ends_with(".yaml") || path.ends_with(".yml");
  reading.tree =
      std::make_shared<const ast::File>(yaml ? read_yaml(id, sources, limits, reading.messages)
                                             : parse_rules(id, sources, limits, reading.messages));
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

std::shared_ptr<const ast::File> TreeCache::find(SourceId id, const Source& source,
                                                 const Sha256Digest& hash) const {
  const auto at = kept_.find(source.path);
  if (at == kept_.end() || at->second.id != id || at->second.hash != hash) return nullptr;
  return at->second.tree;
}

void TreeCache::keep(const SourceMap& sources, const std::vector<Sha256Digest>& hashes,
                     const std::vector<Reading>& readings) {
  kept_.clear();
  std::size_t bytes = 0;
  for (SourceId id = 0; id < sources.size(); ++id) bytes += sources.get(id).text.size();
  if (bytes > kMostKept) return;
  for (SourceId id = 0; id < sources.size(); ++id) {
    if (!readings[id].messages.empty()) continue;
    kept_.insert_or_assign(sources.get(id).path, Kept{id, hashes[id], readings[id].tree});
  }
}

std::vector<Reading> read_trees(const SourceMap& sources, const Limits& limits, TreeCache* cache) {
  std::vector<Reading> readings(sources.size());
  std::vector<Sha256Digest> hashes(cache ? sources.size() : 0);
  std::vector<SourceId> unread;
  std::size_t bytes = 0;
  for (SourceId id = 0; id < sources.size(); ++id) {
    const Source& source = sources.get(id);
    if (cache) {
      hashes[id] = sha256(source.text);
      readings[id].tree = cache->find(id, source, hashes[id]);
    }
    if (readings[id].tree) continue;
    unread.push_back(id);
    bytes += source.text.size();
  }
  std::atomic<std::size_t> next = 0;
  run(unread.size(), bytes, [&] {
    for (std::size_t i = next++; i < unread.size(); i = next++) {
      readings[unread[i]] = read(unread[i], sources, limits);
    }
  });
  if (cache) cache->keep(sources, hashes, readings);
  return readings;
}

}  // namespace consign
