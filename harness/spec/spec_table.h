// The spec table: the only source of expectations.
//
// What the endpoint under test is held to is data (fixtures/spec/delete_session.json), so that a reviewer can check it
// against AWS's pages line by line, and another awsJson operation is another table. Nothing in the harness knows a
// member, an error or a limit that it did not read here.
//
//     const spec::SpecTable& table = spec::builtin_table();
//     const spec::Member& id = table.member("Id");
//     const spec::Requirement& r = table.requirement("id.length.max");
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace conformance::spec {

enum class Level { must, should, may };                            // RFC 2119
enum class Evidence { documented, modelled, observed, inferred };  // design: how sure it is
[[nodiscard]] std::string_view name_of(Level level);
[[nodiscard]] std::string_view name_of(Evidence evidence);

// What an answer was, once classified. The names in the table are those of name_of(), e.g. "rejected_as_invalid".
enum class Outcome {
  success,  // the design's "deleted": a 2xx
  rejected_as_invalid,
  rejected_as_unreadable,
  unknown_operation,
  not_found,
  wrong_state,
  unauthenticated,  // authentication or authorisation
  throttled,
  server_fault,
  unrecognised,  // an HTTP answer that is none of these
  no_response,   // not a response at all
};
[[nodiscard]] std::string_view name_of(Outcome outcome);

struct CodePointRange {
  std::uint32_t first;  // inclusive
  std::uint32_t last;   // inclusive
};

struct Member {
  std::string name;
  std::string type;  // "string"
  bool required = false;
  std::uint32_t min_length = 0;
  std::uint32_t max_length = 0;
  std::string length_unit;              // of the service model: "code_points"
  std::string pattern;                  // as documented
  std::vector<CodePointRange> allowed;  // the same as ranges, ascending, disjoint
  [[nodiscard]] bool allows(std::uint32_t code_point) const;
};

struct Error {
  std::string name;           // bare shape name, as in __type
  std::vector<int> statuses;  // any of these is right
  Outcome outcome;
  std::string origin;  // "operation", "service" (of its other operations), "common" or "protocol"
  std::vector<std::string> sources;
};

struct Requirement {
  std::string id;        // stable: "id.length.max"
  std::string sentence;  // one sentence of what the specification imposes
  Level level;
  Evidence evidence;
  std::vector<std::string> sources;  // keys of SpecTable::sources
  std::vector<std::string> accept;   // alternatives: "success", or names of errors; empty where it is no answer's type
};

struct Characteristic {
  std::string id;        // "id.length.unit"
  std::string sentence;  // the question that it answers
  std::vector<std::string> sources;
  bool of_proxies = false;  // only two ways show it (run --direct)
  std::string varies = {};  // why two measurements of one endpoint may differ; empty: they do not
};

// One call of the resource's life cycle, by which a run gets, sees and removes what a case needs.
struct LifecycleCall {
  std::string target;         // X-Amz-Target
  std::string body;           // JSON text; the string value "{id}" in it stands for the identifier
  std::string result;         // JSON pointer into the answer (list: the array; get and create: the resource object)
  std::string id_pointer;     // in the resource object: where its identifier is
  std::string state_pointer;  // in the resource object: where its state is
  std::string next_token;     // list: name of the member that carries the page token, in answer and request alike
};

struct Lifecycle {
  LifecycleCall create, get, list, stop, remove;
  std::vector<std::string> pending_states;   // after a create: wait while in one of these ("PROVISIONING")
  std::vector<std::string> stopping_states;  // after a stop: wait while in one of these ("STOPPING")
  std::vector<std::string> already_exists;   // error names by which create says that the identifier is taken
  // Errors that the sources name as possible answers to a resource that does not exist. Any other proves nothing about
  // that: an endpoint that refuses everything refuses it too.
  std::vector<std::string> missing_answers;
};

// Which requirement is blamed for what is checked on every answer, whichever case it belongs to: ids of requirements.
struct Checks {
  std::string http, content_type;                                   // of every answer
  std::string json, request_id;                                     // of every answer, gathered over the run
  std::string request_id_unique;                                    // of all answers together
  std::string error_body, error_type, error_status, error_message;  // of every error
  std::string no_leak;                                              // of every error, gathered
  std::string success, echo, effect, identity;                      // of a success: status, echo, deletion, neighbours
  std::string no_effect;                                            // of a refusal
  std::string too_long;         // of an identifier that is too long in every unit of length
  std::string not_refused;      // what a valid request is held to where there is no session to delete
  std::string alive;            // of a valid request after everything before it
  std::string close_announced;  // of a connection that ends after an answer
};

// Which requirement is blamed for what a story shows (harness/judge/story_judge.h): ids of requirements. What they have
// in common with single requests is in Checks.
struct StoryChecks {
  std::string ungettable;  // after a deletion: got no more
  std::string unlisted;    // after a deletion: listed no more
  std::string permanent;   // after a deletion: does not come back
  std::string recreate;    // after a deletion: created again
  std::string again;       // what the deletion of a session that is not there may be answered
  std::string stopped;     // the deletion of one that was stopped
  std::string ended;       // the deletion of one that has ended by itself
  std::string passing;     // the deletion of one that is being made or stopped
  std::string option;      // the deletion with another option than the creation
  std::string concurrent;  // what deletions at once may be answered
  std::string order;       // what calls at once leave
  // Characteristics:
  std::string order_of_all;         // whether one order explains all answers
  std::string delay;                // whether a deletion shows at once
  std::string again_answer;         // what is answered to the deletion of one that was deleted,
  std::string provisioning_answer;  // of one that is being made,
  std::string stopping_answer;      // of one that is being stopped,
  std::string concurrent_answers;   // and to several at once
};

// Which requirement is blamed where a case goes otherwise through a proxy than without it (harness/judge/fidelity.h):
// ids of requirements, from what says most of the cause to what says least.
struct Fidelity {
  std::string host, signature;           // of a request: what is signed does not come through
  std::string path;                      // of a request: its target does not
  std::string body_limit, header_limit;  // of a request: it is too large for the proxy alone
  std::string content_coding;            // of an answer: coded, and nobody asked for it
  std::string error_body;                // of an error: the proxy's in place of the upstream's
  std::string http;                      // of what HTTP lets the proxy answer itself
  std::string outcome, status, type, body, headers, effect;
  // Characteristics:
  std::string header_names, added, framing, compressed, answers_itself;
  // Requirements on messages, of which a proxy may refuse or mend what the upstream does not, to the source that lets
  // it.
  std::map<std::string, std::string> own;
};

// How slow the answer to a valid request may have become, beside the first of the run.
struct Liveness {
  std::uint32_t factor = 0;
  std::uint32_t slack_ms = 0;
};

struct SpecTable {
  int version = 0;
  std::string service;        // signing name: "glue"
  std::string service_shape;  // "AWSGlue"
  std::string operation;      // "DeleteSession"
  std::string target;         // "AWSGlue.DeleteSession"
  std::string protocol;       // "awsJson1_1"
  std::string content_type;   // "application/x-amz-json-1.1"
  int success_status = 200;
  std::string identifier;  // the request member that names the resource: "Id"
  std::string echo;        // the response member that carries it back: "Id"
  std::vector<Member> request_members;
  std::vector<Member> response_members;
  std::vector<Error> errors;
  std::vector<Requirement> requirements;
  std::vector<Characteristic> characteristics;
  std::map<std::string, std::string> sources;  // key -> where it was read
  Lifecycle lifecycle;
  std::vector<std::string>
      too_large_answers;  // what may answer a body larger than any valid request needs, as Requirement::accept
  Checks checks;
  std::string authentication;  // the characteristic that says whether signatures are verified
  StoryChecks story_checks;
  Fidelity fidelity;
  Liveness liveness;

  // Each throws std::out_of_range that names what was asked for.
  [[nodiscard]] const Member& member(std::string_view name) const;
  [[nodiscard]] const Requirement& requirement(std::string_view id) const;
  [[nodiscard]] const Characteristic& characteristic(std::string_view id) const;
  // The request member beside the identifier; nullptr if there is none.
  [[nodiscard]] const Member* option() const;
  // True if the sources name this error as a possible answer to a resource that does not exist.
  [[nodiscard]] bool may_be_missing(std::string_view error_name) const;
  // True if it is measured only where two ways are compared.
  [[nodiscard]] bool is_of_proxies(std::string_view characteristic) const;
  // nullptr if the table has no such error.
  [[nodiscard]] const Error* find_error(std::string_view name) const;
  [[nodiscard]] const Requirement* find_requirement(std::string_view id) const;
};

// Accepted answers that are no single error: "success", "foreign_success" (a 2xx that is no answer of the operation),
// "client_error" (any 4xx, whatever it carries), "unauthenticated" (any error of that outcome), "no_server_fault" (any
// answer below 500), or a status ("411").
[[nodiscard]] bool is_answer_class(std::string_view accepted);

// A table that cannot be used; what() has one line per fault, each with the JSON pointer of the place.
class TableError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads a table strictly: JSON, then the JSON Schema beside it (unknown keys refused), then what a schema cannot say
// (references to errors, sources and members resolve; ids are unique; pattern ranges ascend). Throws TableError.
[[nodiscard]] SpecTable parse_table(std::string_view json_text);

// The table compiled into the program. Parsed once; never throws after the tests have passed.
[[nodiscard]] const SpecTable& builtin_table();

}  // namespace conformance::spec
