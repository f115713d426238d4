// What the grammar found, before it becomes the tree of ast.hpp: a flat list of nodes in the order
// in which they open, each knowing where its subtree ends.
//
// One list is used over and over, a declaration or a clause at a time, so that reading a large file
// does not allocate for each word of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace consign {

enum class Shape : std::uint8_t {
#define SHAPE(name) name,
#include "dsl/shapes.def"
#undef SHAPE
  none,
};

struct SyntaxNode {
  Shape shape = Shape::none;
  std::uint32_t begin = 0;  ///< offset into the text that is read
  std::uint32_t end = 0;
  std::uint32_t next =
      0;  ///< index of the first node behind this one's subtree; 0: it never closed
  std::uint32_t parent = 0;  ///< the node around it, while that is open
};

/// The nodes of one reading; indices stay good until `clear`. Most nodes are opened in vain, for an
/// alternative that does not match, so opening and dropping one is a matter of a few instructions.
class SyntaxTree {
 public:
  void clear() {
    size_ = 0;
    innermost_ = 0;
  }
  std::size_t size() const { return size_; }
  const SyntaxNode& operator[](std::size_t index) const { return nodes_[index]; }

  void open(Shape shape, std::uint32_t begin) {
    if (size_ == room_) grow();
    nodes_[size_] = {shape, begin, 0, 0, innermost_};
    innermost_ = size_++;
  }
  /// The innermost open node ends here.
  void close(std::uint32_t end) {
    SyntaxNode& node = nodes_[innermost_];
    node.end = end;
    node.next = size_;
    innermost_ = node.parent;
  }
  /// The innermost open node did not match: it goes, and all in it.
  void drop() {
    size_ = innermost_;
    innermost_ = nodes_[innermost_].parent;
  }

 private:
  void grow() {
    room_ = room_ * 2 + 64;
    nodes_.resize(room_);
  }

  std::vector<SyntaxNode> nodes_;
  std::uint32_t room_ = 0;  ///< for so many nodes
  std::uint32_t size_ = 0;
  std::uint32_t innermost_ = 0;
};

/// The children of a node that closed, in order: `for (auto child : children(tree, index))` gives
/// indices.
class Children {
 public:
  class Iterator {
   public:
    Iterator(const SyntaxTree* tree, std::size_t at) : tree_(tree), at_(at) {}
    std::size_t operator*() const { return at_; }
    Iterator& operator++() {
      at_ = (*tree_)[at_].next;
      return *this;
    }
    bool operator==(const Iterator& other) const { return at_ == other.at_; }

   private:
    const SyntaxTree* tree_;
    std::size_t at_;
  };

  Children(const SyntaxTree& tree, std::size_t first, std::size_t end)
      : tree_(&tree), first_(first), end_(end) {}
  Iterator begin() const { return {tree_, first_}; }
  Iterator end() const { return {tree_, end_}; }
  bool empty() const { return first_ == end_; }
  std::size_t size() const {
    std::size_t count = 0;
    for (Iterator at = begin(); !(at == end()); ++at) ++count;
    return count;
  }

 private:
  const SyntaxTree* tree_;
  std::size_t first_, end_;
};

inline Children children(const SyntaxTree& tree, std::size_t index) {
  return {tree, index + 1, tree[index].next};
}

}  // namespace consign
