// Lists of texts as one text, the way the store keeps them: JSON.
#pragma once

#include <string>
#include <vector>

namespace consign::store {

std::string texts_to_json(const std::vector<std::string>& texts);
/// An empty text is an empty list. Throws where it is no such list, which a row never is.
std::vector<std::string> texts_from_json(const std::string& json);

}  // namespace consign::store
