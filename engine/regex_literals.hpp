// What a regular expression needs: literals of which every text that it matches holds one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace consign {

/// Literals in ASCII lower case, of which every text that the pattern matches holds at least one
/// (in the form that lowered() gives it); empty where the pattern asks for none.
std::vector<std::string> required_literals(const std::string& pattern);

/// The bytes of a text in the form in which required literals are looked for: one after the other.
/// ASCII letters in lower case, and so the other characters that RE2 takes for those.
void lower_into(std::string_view text, std::string& out);

}  // namespace consign
