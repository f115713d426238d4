#include "consign/ruleset.hpp"

namespace consign {}  // namespace consign
