// The frame of a page that needs nothing else: its policy allows no style and no script but its own, by their hashes,
// and no request to anywhere.
//
//     out << html::page_head({.title = "Runs compared", .styles = {css}, .scripts = {}});
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conformance::reports::html {

struct PageHead {
  std::string title;  // bytes of anybody's
  std::vector<std::string_view> styles, scripts;
};

// From the document's type to the end of <head>.
[[nodiscard]] std::string page_head(const PageHead& head);

}  // namespace conformance::reports::html
