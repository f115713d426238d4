// Nodes of trees: a few types with a common head, each no larger than what it holds.
//
// A std::variant would make the smallest node as large as the largest. Here a node's head says
// which type of the family it is, and the node is made in exactly its size (tree_pool.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace consign {

template <class First, class... Rest>
struct NodeFamily {
  static constexpr std::uint8_t kCount = 1 + sizeof...(Rest);

  /// The number of a type in the family.
  template <class Node>
  static constexpr std::uint8_t kind_of() {
    constexpr bool matches[] = {std::is_same_v<Node, First>, std::is_same_v<Node, Rest>...};
    std::uint8_t kind = 0;
    while (!matches[kind]) ++kind;
    return kind;
  }

  /// Calls `visitor` with the node as what it is.
  template <class Visitor, class Head>
  static decltype(auto) visit(Visitor&& visitor, const Head& head) {
    using Answer = std::invoke_result_t<Visitor&, const First&>;
    using Call = Answer (*)(Visitor&, const Head&);
    constexpr Call calls[] = {&call<Answer, First, Visitor, Head>,
                              &call<Answer, Rest, Visitor, Head>...};
    return calls[head.kind](visitor, head);
  }

 private:
  template <class Answer, class Node, class Visitor, class Head>
  static Answer call(std::remove_reference_t<Visitor>& visitor, const Head& head) {
    return visitor(static_cast<const Node&>(head));
  }
};

}  // namespace consign
