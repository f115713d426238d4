// Result<T>: a value or an error, for code that must not throw.
//
// Exceptions stay inside the few files whose libraries throw (YAML, Boost, SQLite); everything
// else hands errors back in the open.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace consign {

/// What went wrong, in one sentence for a person: lower case, no final stop.
struct Error {
  std::string message;
};

/// Either a `T` or an `E`. Owns what it holds. Reading the side that is not there is a bug
/// (asserted).
template <class T, class E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : held_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return *get<0>(); }
  const T& value() const& { return *get<0>(); }
  T&& value() && { return std::move(*get<0>()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return get<0>(); }
  const T* operator->() const { return get<0>(); }

  E& error() { return *get<1>(); }
  const E& error() const { return *get<1>(); }

 private:
  template <std::size_t I>
  auto* get() {
    auto* held = std::get_if<I>(&held_);
    assert(held != nullptr);
    return held;
  }
  template <std::size_t I>
  const auto* get() const {
    const auto* held = std::get_if<I>(&held_);
    assert(held != nullptr);
    return held;
  }

  std::variant<T, E> held_;
};

/// A Result of something that returns nothing.
using Status = Result<std::monostate>;

/// The good Status.
inline Status done() { return std::monostate{}; }

}  // namespace consign
