#include "harness/text/toml_string.h"

#include "harness/text/escape.h"
#include "harness/text/json_string.h"
#include "harness/text/utf8.h"

namespace conformance::text {

std::string toml_string(std::string_view text) {
  std::string quoted = quote_raw(is_valid(text) ? std::string(text) : visible(text));
  for (std::size_t at = quoted.find('\x7f'); at != std::string::npos; at = quoted.find('\x7f', at))
    quoted.replace(at, 1, "\\u007F");
  return quoted;
}

std::string toml_list(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return toml_string(texts.front());
  std::string list = "[";
  for (const std::string& text : texts) list += (list.size() == 1 ? "" : ", ") + toml_string(text);
  return list + "]";
}

}  // namespace conformance::text
