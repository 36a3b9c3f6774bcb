# Writes OUTPUT, a C++ file that defines conformance::embedded::SYMBOL() as the bytes of INPUT.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUTPUT} "#include <string_view>
namespace conformance::embedded {
namespace {
constexpr unsigned char ${SYMBOL}_bytes[] = {${bytes}0x00};
}
std::string_view ${SYMBOL}();
std::string_view ${SYMBOL}() { return {reinterpret_cast<const char*>(${SYMBOL}_bytes), sizeof(${SYMBOL}_bytes) - 1}; }
}  // namespace conformance::embedded
")
