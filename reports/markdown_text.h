// Text in GitHub's Markdown as text: neither markup, nor HTML, nor a mention of anybody, whatever it holds.
//
//     out << "got " << code(judgement.actual) << "\n\n" << prose(requirement.sentence) << "\n";
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance::reports::markdown {

// A code span of one line, at most about `max` bytes: what an endpoint says.
[[nodiscard]] std::string code(std::string_view bytes, std::size_t max = 300);
// A sentence of ours, with its addresses (https://…) as links. One with an @ is a code span: no escape keeps GitHub
// from taking it for a mention.
[[nodiscard]] std::string prose(std::string_view line);
// Lines that are to be copied, in a fence that nothing in them can end. Each is own(): see own_text.h.
[[nodiscard]] std::string block(std::string_view language, std::string_view lines);

}  // namespace conformance::reports::markdown
