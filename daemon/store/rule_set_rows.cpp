#include "daemon/store/rule_set_rows.hpp"

namespace consign::store {

void keep_rule_set(Connection& db, std::string_view hash, const SourceMap& files, Timestamp now) {
  db.run("UPDATE rule_sets SET last_good = 0 WHERE last_good <> 0");
  const bool is_new =
      db.run("INSERT INTO rule_sets (hash, first_used) VALUES (?, ?) ON CONFLICT DO NOTHING", hash,
             now) > 0;
  if (is_new) {
    for (SourceId id = 0; id < files.size(); ++id) {
      const Source& file = files.get(id);
      db.run("INSERT INTO rule_files (rule_set, path, text) VALUES (?, ?, ?)", hash, file.path,
             Blob{file.text});
    }
  }
  db.run("UPDATE rule_sets SET last_good = 1 WHERE hash = ?", hash);
}

std::optional<std::vector<RuleFile>> rule_set_files(Connection& db, std::string_view hash) {
  if (!db.query("SELECT 1 FROM rule_sets WHERE hash = ?", hash).step()) return std::nullopt;
  auto rows = db.query("SELECT path, text FROM rule_files WHERE rule_set = ? ORDER BY path", hash);
  std::vector<RuleFile> files;
  while (rows.step()) files.push_back({rows.text(0), rows.text(1)});
  return files;
}

std::optional<std::string> last_good_rule_set(Connection& db) {
  auto row = db.query("SELECT hash FROM rule_sets WHERE last_good = 1");
  if (!row.step()) return std::nullopt;
  return row.text(0);
}

}  // namespace consign::store
