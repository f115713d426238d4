// Events as these tests write them down: fields and their texts, in plain lists that can be copied,
// changed, made smaller and printed. The engine's own Event and Facts are made of them in one
// place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "consign/engine.hpp"

namespace consign::reference {

/// One value of a field.
struct Given {
  Field field;
  std::string text;  ///< as the wire form spells it: `19.90`, `true`, `2026-11-27T10:00:00Z`;
                     ///< weights in grams
  std::string key;   ///< of a keyed field
};
using Givens = std::vector<Given>;

/// The text of the field's first value, or null.
const std::string* text_in(const Givens& givens, Field field);

struct GivenProduct {
  std::string key;  ///< by which lines name it; empty: it is looked up by SKU
  Known state = Known::unknown;
  Givens fields;  ///< where known
};

struct GivenLine {
  Givens fields;
  std::size_t product = 0;  ///< index into Case::products
};

/// What `decide` takes besides the rules.
struct Case {
  Givens order;
  Givens shared;  ///< facts of shop and customer
  std::vector<GivenLine> lines;
  std::vector<GivenProduct> products;
  std::vector<Facts::Stock> stock;  ///< in any order
  std::vector<Facts::Load> loads;
  bool cancelled = false;
  Timestamp now;
  std::optional<Prior> prior;

  const Prior* standing() const { return prior ? &*prior : nullptr; }
};

/// The case as the engine takes it. May refer to the case's texts, which must outlive it.
struct Inputs {
  Event event;
  Facts facts;
};
Inputs inputs_of(const Case& one);

/// What `waits_for` calls the product.
std::string name_of(const GivenProduct& product);

/// The case for people and for a golden test: the order and FACTS.json as `consign decide` takes
/// them, and in words what has no place in either.
std::string describe(const Case& one);

}  // namespace consign::reference
