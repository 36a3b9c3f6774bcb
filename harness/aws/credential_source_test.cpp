#include "harness/aws/credential_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace conformance::aws::credential_source_test {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::system_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Time that passes by being told so, and a getter that gives what it is told.
class Renewed : public testing::Test {
 protected:
  FoundCredentials ending(const std::string& key, system_clock::duration in) const {
    return {{key, "s", ""}, now_ + in, "the source of " + key};
  }
  CredentialSource source(FoundCredentials first) {
    return CredentialSource(
        std::move(first),
        [this] {
          ++asked_;
          if (fails_) throw CredentialError(CredentialError::Because::source, "the source is away");
          return next_;
        },
        [this] { return now_; },
        [this](const FoundCredentials& found) {
          changes_.push_back(found.keys.access_key);
          if (refuses_) throw std::runtime_error("not these");
        });
  }

  TimePoint now_ = system_clock::from_time_t(1440938160);
  std::optional<FoundCredentials> next_;
  bool fails_ = false, refuses_ = false;
  int asked_ = 0;
  std::vector<std::string> changes_;
};

TEST(Fixed, NeverEnd) {
  CredentialSource source({{"a", "s", ""}, std::nullopt, "somewhere"});
  EXPECT_EQ(source.current().access_key, "a");
  EXPECT_FALSE(source.refresh_if_due());
  EXPECT_EQ(source.in_words(), "somewhere");
}

TEST_F(Renewed, AreThoseAtHandAsLongAsTheyHold) {
  CredentialSource held = source(ending("a", hours(1)));
  now_ += minutes(50);
  EXPECT_EQ(held.current().access_key, "a");
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(asked_, 0);
}

TEST_F(Renewed, AreGotAtTheLastMoment) {
  CredentialSource held = source(ending("a", hours(1)));
  next_ = ending("b", hours(2));
  now_ += hours(1) - seconds(11);
  EXPECT_EQ(held.current().access_key, "a");
  now_ += seconds(1);
  EXPECT_EQ(held.current().access_key, "b");
  EXPECT_EQ(held.in_words(), "the source of b");
  EXPECT_EQ(held.current().access_key, "b");
  EXPECT_EQ(asked_, 1);
  EXPECT_THAT(changes_, ElementsAre("b"));
}

TEST_F(Renewed, AreGotEarlyWhereNothingIsInFlight) {
  CredentialSource held = source(ending("a", hours(1)));
  next_ = ending("b", hours(2));
  now_ += minutes(55) - seconds(1);
  EXPECT_FALSE(held.refresh_if_due());
  now_ += seconds(1);
  EXPECT_TRUE(held.refresh_if_due());
  EXPECT_EQ(held.current().access_key, "b");
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(asked_, 1);
}

TEST_F(Renewed, AreGotAfterHalfAShortLife) {
  CredentialSource held = source(ending("a", minutes(4)));
  next_ = ending("b", minutes(8));
  now_ += seconds(119);
  EXPECT_FALSE(held.refresh_if_due());
  now_ += seconds(1);
  EXPECT_TRUE(held.refresh_if_due());
}

TEST_F(Renewed, MayFailEarlyAsLongAsTheOthersHold) {
  CredentialSource held = source(ending("a", hours(1)));
  fails_ = true;
  now_ += minutes(56);
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(held.current().access_key, "a");
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(asked_, 1) << "not again at once";
  now_ += seconds(15);
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(asked_, 2);
  now_ += minutes(4) - seconds(20);
  EXPECT_EQ(held.current().access_key, "a") << "five seconds are left";
  now_ += seconds(5);
  EXPECT_THROW((void)held.current(), CredentialError);
  fails_ = false;
  next_ = ending("b", hours(1));
  EXPECT_EQ(held.current().access_key, "b");
}

TEST_F(Renewed, MayBeTheSameForLonger) {
  CredentialSource held = source(ending("a", hours(1)));
  next_ = ending("a", hours(2));
  now_ += minutes(56);
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_THAT(changes_, IsEmpty());
  EXPECT_EQ(asked_, 1);
  now_ += minutes(50);
  EXPECT_EQ(held.current().access_key, "a");
  EXPECT_EQ(asked_, 1);
}

TEST_F(Renewed, AreNotUsedIfTheyAreRefused) {
  CredentialSource held = source(ending("a", hours(1)));
  next_ = ending("b", hours(2));
  refuses_ = true;
  now_ += minutes(56);
  EXPECT_FALSE(held.refresh_if_due());
  EXPECT_EQ(held.current().access_key, "a");
  now_ += minutes(5);
  EXPECT_THROW((void)held.current(), std::runtime_error);
  EXPECT_EQ(held.in_words(), "the source of a");
  refuses_ = false;
  EXPECT_EQ(held.current().access_key, "b");
}

TEST_F(Renewed, SayWhyThereAreNone) {
  const auto refusal = [](CredentialSource& source) -> std::string {
    try {
      return source.current().access_key;
    } catch (const CredentialError& error) {
      EXPECT_EQ(error.because(), CredentialError::Because::source);
      return error.what();
    }
  };
  CredentialSource held = source(ending("a", seconds(0)));
  EXPECT_THAT(refusal(held), HasSubstr("the source of a ended at 2015-08-30T12:36:00Z, and there are none any more"));
  next_ = ending("b", seconds(0));
  EXPECT_THAT(refusal(held), HasSubstr("have ended too"));
  next_ = FoundCredentials{{"c", "s", ""}, std::nullopt, "elsewhere"};
  EXPECT_EQ(refusal(held), "c");
  CredentialSource alone({{"a", "s", ""}, now_, "the environment"}, {}, [this] { return now_; });
  EXPECT_THAT(refusal(alone), HasSubstr("nothing renews them"));
  EXPECT_FALSE(alone.refresh_if_due());
}

}  // namespace
}  // namespace conformance::aws::credential_source_test
