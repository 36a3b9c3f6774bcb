// A case: one stimulus with a stable id, checking one primary requirement.
//
// A case is data. It says what to send, what must stand before, and which requirement it holds the answer against; it
// knows nothing of how it is sent nor of what came back. Identifiers are templates: the run's own prefix is put in
// where the case leaves room, so that the sessions of a run can be told from everybody else's, and the same seed gives
// the same bytes.
//
//     Case c{.id = "id.length.max.256", .title = "Id of 256 characters", .kind = Kind::malformed,
//            .requirement = "id.length.max", .body = …, .control_body = …, .session = …};
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/case/story.h"
#include "harness/spec/spec_table.h"
#include "harness/wire/conversation.h"
#include "harness/wire/sigv4.h"

namespace conformance {

enum class Kind {
  valid,      // must be accepted; deletes `session` where one can be created
  malformed,  // must be refused for its own reason, and its control must not be
  free_form,  // the specification leaves the answer open: measured as `characteristic`, and held to `requirement` if
              // any
};
[[nodiscard]] std::string_view name_of(Kind kind);

// How much of the suite a run asks: each tier holds the ones before it.
enum class Tier { smoke, standard, exhaustive };
[[nodiscard]] std::string_view name_of(Tier tier);

// What an observation of a characteristic is keyed by, where it is a length: the value in each unit that an endpoint
// may count in.
struct Lengths {
  std::uint32_t code_points = 0, utf16_units = 0, bytes = 0;
};

struct Case;

// A property: one requirement that holds of every example that can be made.
struct Property {
  // The example of an index, from 0: pure, so that it can be made again. Its sessions are its own.
  std::function<Case(std::uint64_t index)> example;
  // For asking in bulk: appends the body of the example of an index, if it is valid, needs no session and no control,
  // and what is right for one such example is right for all. Appends nothing of any other. Empty: there are none.
  std::function<void(std::uint64_t index, std::string& to)> valid_body = {};
  // Of the wanted examples one in so many is enough, at least one: each costs as much as so many others.
  std::uint64_t share = 1;
};

// A set of code points of which every one is decided.
struct Sweep {
  std::vector<spec::CodePointRange> ranges;  // ascending, disjoint; lone surrogates as their code points
  std::size_t room = 0;  // bytes of UTF-8 that a stimulus carries; 0: one code point, where one would hide the others
  // If more than room: code points that a stimulus carries as long as that many pass, where nothing says in which unit
  // the length is counted.
  std::size_t most = 0;
  std::function<Case(std::span<const char32_t> points)> stimulus;
  // Where a stimulus of one code point needs no session and all share one control: appends its body, for asking in
  // bulk.
  std::function<void(char32_t point, std::string& to)> body;
};

// A request that is sent on the same connection before the stimulus.
struct Companion {
  enum class Expected {
    not_refused,  // it is well-formed, and names a session that does not exist
    refused,      // it is malformed
    any,          // what is asked is what comes after it
  };
  std::string body;
  Expected expected = Expected::not_refused;
  std::string identifier = {};  // that it names, if any: no other answer may carry it
};

// A signed request is made into one that nobody signed: `with` changes what it is signed with, `afterwards` the signed
// request. Either may be empty; both are pure.
struct Forgery {
  std::function<void(wire::Signing&)> with = {};
  std::function<void(wire::Request&)> afterwards = {};
  bool of_token = false;  // only credentials that have a session token can be forged so
};

struct Case {
  std::string id;              // stable across versions; "area.rest", dots only, no '-'
  std::string title;           // for people; one line
  std::string area;            // the id up to its last dot: the report's classname
  std::string requirement;     // primary; empty only for a pure characteristic
  std::string characteristic;  // empty if the case measures none
  Kind kind = Kind::valid;
  std::string body;                         // the request body, byte for byte
  std::optional<std::string> control_body;  // malformed and free_form: the same request without its one mutation
  // The identifier (UTF-8) of the session that stands while the stimulus is sent: the one that `body` names (valid), or
  // that the control names (malformed). Empty if the case needs none.
  std::string session;
  // What the case asks can only be seen on a session: without one it is not sent, rather than held to less.
  bool needs_session = false;
  // The question is which session goes, so that one that stays breaks `requirement` itself.
  bool asks_which_session = false;
  std::string expected_echo;            // valid: the identifier that the answer must carry
  std::vector<std::string> bystanders;  // sessions that must stand before and after: neighbours of `session`
  bool names_missing_session = false;   // the malformed identifier itself can name no session: see the judge
  std::optional<Lengths> lengths;       // of a characteristic that measures a unit of length
  Tier tier = Tier::standard;
  // Malformed in more than one way: the requirements that each fault breaks. Any error that one of them accepts will
  // do.
  std::vector<std::string> faults;
  // Free: the identifiers that the body may be read to name, in their order in it.
  std::vector<std::string> readings;
  // At most one of these, and then `body` is that of no stimulus: the case is carried out by many.
  std::shared_ptr<const Property> property;
  std::shared_ptr<const Sweep> sweep;
  // Carried out by its calls, in place of one stimulus.
  std::shared_ptr<const Story> story;
  // Of an example: cases that ask the same of something smaller, best first. Each step is nearer to an end.
  std::function<std::vector<Case>()> smaller;
  // Of an example that can be asked only once with its identifiers: the same with others.
  std::function<Case()> anew;
  // Free: whatever the answer is, `session` must stand, for no reading of the body names it.
  bool spares_session = false;
  // The session that `session` names is not to be made: the weaker promise is enough.
  bool without_session = false;
  // Not valid, and larger than any valid request needs to be: it may be refused for its size alone, or the connection
  // closed without an answer (RFC 9110 section 15.5.14).
  bool oversize = false;
  // Where the question is the message around the body. Both are pure, and the control has neither. `edit` is applied to
  // the plain request before it is signed (method, target, headers). `speak` says how the signed messages, those of
  // `companions` and the stimulus' own, are put on the wire.
  std::function<void(wire::Request&)> edit;
  std::function<wire::Conversation(const std::vector<wire::Message>&)> speak;
  std::vector<Companion> companions;
  // The answer may come from whoever stands before the operation: it need not have the form of its errors.
  bool any_form = false;
  // The connection may be closed without an answer.
  bool may_be_dropped = false;
  // After the answer the peer must close the connection (RFC 9112 sections 6.1, 6.3 and 9.6).
  bool must_close = false;
  // Asks nothing by itself: `requirement` is held against every answer of the run.
  bool gathers = false;
  // Asks nothing by itself: what the run deleted and saw gone must still be gone at its end.
  bool looks_back = false;
  // The answer must come about as soon as the first of the run did (SpecTable::liveness).
  bool liveness = false;
  // The peer must ask for the body, or answer, before the body is sent (RFC 9110 section 10.1.1): the last turn of the
  // conversation is the body.
  bool must_continue = false;
  // It is no message of HTTP/1.1 to begin with, so that its answer need not be one either.
  bool is_no_http = false;
  // Asks whether signatures are verified: not sent where nothing is signed.
  std::shared_ptr<const Forgery> forgery;
  // Nothing else is under way while it is carried out, and everything before it has been.
  bool alone = false;
  // Its body is large, and so made only where it is needed: fills in `body` and what follows from its bytes (`faults`,
  // `readings`, `names_missing_session`, `spares_session`). All else is said already. Pure; see made_whole.
  std::function<void(Case&)> complete;
};

// The case with its body, if that was still to be made.
[[nodiscard]] Case made_whole(Case c);

}  // namespace conformance
