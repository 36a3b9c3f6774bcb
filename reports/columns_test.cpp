#include "reports/columns.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <map>

namespace conformance::reports::columns_test {
namespace {

TEST(Columns, AreThoseOfATerminal) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("\u00e9"), 1U);
  EXPECT_EQ(columns_of("e\u0301"), 1U) << "a mark that combines";
  EXPECT_EQ(columns_of("\u4e2d\u6587"), 4U) << "wide";
  EXPECT_EQ(columns_of("\uff21"), 2U) << "full width";
  EXPECT_EQ(columns_of("\U0001F600"), 2U);
  EXPECT_EQ(columns_of("\x1b[31mFAIL\x1b[0m \u4e2d"), 7U) << "colours take none";
  EXPECT_EQ(columns_of("\xff"), 1U);
}

TEST(Columns, LeaveTheLocaleAsItIs) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  EXPECT_EQ(columns_of("\u4e2d"), 2U);
  EXPECT_EQ(std::setlocale(LC_ALL, nullptr), before);
  EXPECT_EQ(MB_CUR_MAX, 1U) << "the test is in the C locale, as the program is";
}

TEST(Wrapped, BreaksAtBlanksAndHangs) {
  EXPECT_EQ(wrapped("     An Id of more than 255 characters is refused.", 30, 5),
            "     An Id of more than 255\n     characters is refused.");
  EXPECT_EQ(wrapped("short", 5, 0), "short");
  EXPECT_EQ(wrapped("FAIL id  must \u00b7 documented", 26, 5), "FAIL id  must \u00b7 documented");
  EXPECT_EQ(wrapped("any length at all", 0, 5), "any length at all") << "no terminal";
}

TEST(Wrapped, CountsWhatIsWide) {
  const std::string four = "\u4e2d\u6587\u4e2d\u6587";
  EXPECT_EQ(wrapped(four + " " + four + " " + four, 17, 0), four + " " + four + "\n" + four);
  EXPECT_EQ(wrapped("e\u0301e\u0301 e\u0301e\u0301", 5, 0), "e\u0301e\u0301 e\u0301e\u0301");
}

TEST(Wrapped, CutsNoWordAndLosesNone) {
  const std::string line = "  a " + std::string(70, 'x') + "  b c " + std::string(25, 'y') + " ::error::z d ";
  for (std::size_t columns = 1; columns < 140; ++columns) {
    std::string shown = wrapped(line, columns, 4);
    for (std::size_t at = 0; at < shown.size();) {
      const std::size_t end = std::min(shown.find('\n', at), shown.size());
      const std::string one = shown.substr(at, end - at);
      const std::string words = one.substr(std::min(one.find_first_not_of(' '), one.size()));
      EXPECT_TRUE(columns_of(one) <= columns || words.find(' ') == std::string::npos ||
                  words.find("::") != std::string::npos)
          << columns << ": " << one;
      EXPECT_FALSE(words.starts_with("::")) << columns;
      at = end + 1;
    }
    const auto without_blanks = [](std::string text) {
      std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
      return text;
    };
    EXPECT_EQ(without_blanks(shown), without_blanks(line));
  }
}

TEST(Wrapped, DoesNotHangWhereThereIsNoRoom) {
  EXPECT_EQ(wrapped("       expected  one two three four", 20, 17), "       expected  one\ntwo three four");
}

// A terminal of the test's own.
struct Terminal {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  int slave = -1;
  explicit Terminal(unsigned short columns) {
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return;
    slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    winsize size{};
    size.ws_col = columns;
    ioctl(slave, TIOCSWINSZ, &size);
  }
  ~Terminal() {
    close(slave);
    close(master);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
};

TEST(TerminalColumns, AreThoseThatItSaysUnlessToldOtherwise) {
  std::map<std::string, std::string> variables;
  const auto env = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  const Terminal terminal(63);
  if (terminal.slave < 0) GTEST_SKIP() << "no pseudo-terminal here";
  EXPECT_EQ(terminal_columns(terminal.slave, env), 63U);
  variables["COLUMNS"] = "100";
  EXPECT_EQ(terminal_columns(terminal.slave, env), 100U);
  for (const char* nonsense : {"", "0", "-5", "wide", "80x", "99999999999999999999"}) {
    variables["COLUMNS"] = nonsense;
    EXPECT_EQ(terminal_columns(terminal.slave, env), 63U) << nonsense;
  }
  variables["COLUMNS"] = "100";
  const int file = open("/dev/null", O_WRONLY);
  EXPECT_EQ(terminal_columns(file, env), 0U) << "a log wants whole lines";
  close(file);
}

}  // namespace
}  // namespace conformance::reports::columns_test
