#include "dsl/format.hpp"

namespace consign {

FormatResult format_rules(const RuleFile& file) {
  return file.path.ends_with(".rules") ? format_rules_text(file) : format_yaml(file);
}

}  // namespace consign
