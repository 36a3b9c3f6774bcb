#include "harness/spec/model_check.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

namespace conformance::spec {
namespace {

using nlohmann::json;

constexpr std::string_view is_absent = "absent";
constexpr std::string_view is_present = "present";

// Both forms of model, reduced to what is compared.
struct ModelMember {
  std::string name;
  std::string type;
  bool required = false;
  std::optional<std::uint64_t> min;
  std::optional<std::uint64_t> max;
  std::optional<std::string> pattern;
};

struct Model {
  std::string service_shape;
  std::string protocol;
  std::string signing_name;
  bool has_operation = false;
  std::vector<ModelMember> request_members;
  std::vector<ModelMember> response_members;
  std::vector<std::string> errors;
};

// nullptr instead of an exception where the key is missing or `object` is none.
const json* find(const json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string string_at(const json& object, const std::string& key) {
  const json* value = find(object, key);
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

const json& shape_of(const json& shapes, const std::string& name) {
  const json* shape = find(shapes, name);
  if (!shape) throw ModelError(fmt::format("the model refers to the shape \"{}\" and does not have it", name));
  return *shape;
}

std::optional<std::uint64_t> number_at(const json& object, const std::string& key) {
  const json* value = find(object, key);
  if (!value || !value->is_number_unsigned()) return std::nullopt;
  return value->get<std::uint64_t>();
}

// botocore: constraints are on the shape that a member refers to, required is a list beside the members.
std::vector<ModelMember> botocore_members(const json& shapes, const json& operation, const std::string& side) {
  std::vector<ModelMember> members;
  const json* reference = find(operation, side);
  if (!reference) return members;
  const json& structure = shape_of(shapes, string_at(*reference, "shape"));
  const json required = structure.value("required", json::array());
  const json all = structure.value("members", json::object());
  for (const auto& [name, member] : all.items()) {
    const json& shape = shape_of(shapes, string_at(member, "shape"));
    ModelMember m;
    m.name = name;
    m.type = string_at(shape, "type");
    m.required = std::find(required.begin(), required.end(), name) != required.end();
    m.min = number_at(shape, "min");
    m.max = number_at(shape, "max");
    if (find(shape, "pattern")) m.pattern = string_at(shape, "pattern");
    members.push_back(std::move(m));
  }
  return members;
}

Model botocore_model(const json& document, const SpecTable& table) {
  const json& metadata = document.at("metadata");
  const json& shapes = document.at("shapes");
  Model model;
  model.service_shape = string_at(metadata, "targetPrefix");
  const std::string version = string_at(metadata, "jsonVersion");
  model.protocol = string_at(metadata, "protocol");
  if (model.protocol == "json") model.protocol = version == "1.1" ? "awsJson1_1" : "awsJson" + version;
  model.signing_name = string_at(metadata, "signingName");
  // botocore's rule: a service without a signing name signs with its endpoint's prefix.
  if (model.signing_name.empty()) model.signing_name = string_at(metadata, "endpointPrefix");
  const json* operation = find(document.at("operations"), table.operation);
  if (!operation) return model;
  model.has_operation = true;
  model.request_members = botocore_members(shapes, *operation, "input");
  model.response_members = botocore_members(shapes, *operation, "output");
  for (const json& error : operation->value("errors", json::array())) {
    model.errors.push_back(string_at(error, "shape"));
  }
  return model;
}

std::string bare(const std::string& shape_id) {
  const std::size_t hash = shape_id.find('#');
  return hash == std::string::npos ? shape_id : shape_id.substr(hash + 1);
}

// The shapes of Smithy's prelude are in no model: smithy.api#String is a string without constraints.
json smithy_shape(const json& shapes, const std::string& id) {
  constexpr std::string_view prelude = "smithy.api#";
  if (!id.starts_with(prelude)) return shape_of(shapes, id);
  std::string type = id.substr(prelude.size());
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type == "unit" ? json{{"type", "structure"}} : json{{"type", type}};
}

// Smithy: a trait on the member overrides the one on its target.
const json* trait(const json& member, const json& target, const std::string& name) {
  for (const json* shape : {&member, &target}) {
    if (const json* traits = find(*shape, "traits")) {
      if (const json* value = find(*traits, name)) return value;
    }
  }
  return nullptr;
}

std::vector<ModelMember> smithy_members(const json& shapes, const json& operation, const std::string& side) {
  std::vector<ModelMember> members;
  const json* reference = find(operation, side);
  if (!reference) return members;
  const json structure = smithy_shape(shapes, string_at(*reference, "target"));
  const json all = structure.value("members", json::object());
  for (const auto& [name, member] : all.items()) {
    const json target = smithy_shape(shapes, string_at(member, "target"));
    ModelMember m;
    m.name = name;
    m.type = string_at(target, "type");
    m.required = trait(member, json::object(), "smithy.api#required") != nullptr;
    if (const json* length = trait(member, target, "smithy.api#length")) {
      m.min = number_at(*length, "min");
      m.max = number_at(*length, "max");
    }
    if (const json* pattern = trait(member, target, "smithy.api#pattern"); pattern && pattern->is_string()) {
      m.pattern = pattern->get<std::string>();
    }
    members.push_back(std::move(m));
  }
  return members;
}

Model smithy_model(const json& document, const SpecTable& table) {
  const json& shapes = document.at("shapes");
  // The service of the table's name, else the first: then its name is the drift.
  std::string service_id;
  for (const auto& [id, shape] : shapes.items()) {
    if (string_at(shape, "type") != "service") continue;
    if (service_id.empty() || bare(id) == table.service_shape) service_id = id;
  }
  if (service_id.empty()) throw ModelError("the Smithy model has no service");
  const json& service = shapes.at(service_id);
  Model model;
  model.service_shape = bare(service_id);
  if (const json* traits = find(service, "traits")) {
    constexpr std::string_view protocols = "aws.protocols#";
    for (const auto& [name, value] : traits->items()) {
      // A service may have several protocols: the table's counts, if it is one of them.
      if (!name.starts_with(protocols) || model.protocol == table.protocol) continue;
      const std::string protocol = name.substr(protocols.size());
      if (protocol == table.protocol || protocol.starts_with("aws") || protocol.starts_with("rest")) {
        model.protocol = protocol;
      }
    }
    if (const json* sigv4 = find(*traits, "aws.auth#sigv4")) model.signing_name = string_at(*sigv4, "name");
  }
  const std::string operation_id = service_id.substr(0, service_id.find('#') + 1) + table.operation;
  const json* operation = find(shapes, operation_id);
  if (!operation || string_at(*operation, "type") != "operation") return model;
  model.has_operation = true;
  model.request_members = smithy_members(shapes, *operation, "input");
  model.response_members = smithy_members(shapes, *operation, "output");
  for (const json& error : operation->value("errors", json::array())) {
    model.errors.push_back(bare(string_at(error, "target")));
  }
  return model;
}

Model model_of(const json& document, const SpecTable& table) {
  try {
    if (find(document, "smithy") && find(document, "shapes")) return smithy_model(document, table);
    if (find(document, "metadata") && find(document, "operations") && find(document, "shapes")) {
      return botocore_model(document, table);
    }
  } catch (const json::exception& e) {
    throw ModelError(fmt::format("the model has not the form of a service model: {}", e.what()));
  }
  throw ModelError("neither a botocore service model (service-2.json) nor a Smithy JSON AST");
}

std::string without_anchors(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  // "\$" is a dollar sign, "$" at the end an anchor.
  if (pattern.ends_with('$') && !pattern.ends_with("\\$")) pattern.remove_suffix(1);
  return std::string(pattern);
}

std::string in_words(const std::optional<std::uint64_t>& number) {
  return number ? fmt::format("{}", *number) : std::string(is_absent);
}

class Comparison {
 public:
  void values(const std::string& place, std::string_view table_says, std::string_view model_says) {
    if (table_says != model_says) drifts_.push_back({place, std::string(table_says), std::string(model_says)});
  }

  void members(const std::string& place, const std::vector<Member>& table, const std::vector<ModelMember>& model) {
    for (const Member& ours : table) {
      const auto theirs = std::find_if(model.begin(), model.end(),
                                       [&ours](const ModelMember& candidate) { return candidate.name == ours.name; });
      const std::string at = place + " " + ours.name;
      if (theirs == model.end()) {
        values(at, is_present, is_absent);
      } else {
        member(at, ours, *theirs);
      }
    }
    for (const ModelMember& theirs : model) {
      const bool known =
          std::any_of(table.begin(), table.end(), [&theirs](const Member& ours) { return ours.name == theirs.name; });
      if (!known) values(place + " " + theirs.name, is_absent, is_present);
    }
  }

  void errors(const std::vector<Error>& table, const std::vector<std::string>& model) {
    for (const Error& ours : table) {
      const bool declared = std::find(model.begin(), model.end(), ours.name) != model.end();
      // An error that the operation declares and the table has from elsewhere is a drift of its origin.
      if (ours.origin == "operation" && !declared) {
        values("error " + ours.name, is_present, is_absent);
      } else if (declared) {
        values("error " + ours.name + " origin", ours.origin, "operation");
      }
    }
    for (const std::string& theirs : model) {
      const bool known =
          std::any_of(table.begin(), table.end(), [&theirs](const Error& ours) { return ours.name == theirs; });
      if (!known) values("error " + theirs, is_absent, is_present);
    }
  }

  std::vector<Drift> take() { return std::move(drifts_); }

 private:
  void member(const std::string& at, const Member& ours, const ModelMember& theirs) {
    values(at + " type", ours.type, theirs.type);
    values(at + " required", ours.required ? "true" : "false", theirs.required ? "true" : "false");
    // No minimum and a minimum of 0 are the same.
    const bool both_without_min = ours.min_length == 0 && !theirs.min;
    if (!both_without_min) values(at + " minimum length", fmt::format("{}", ours.min_length), in_words(theirs.min));
    values(at + " maximum length", fmt::format("{}", ours.max_length), in_words(theirs.max));
    const std::string pattern = theirs.pattern ? without_anchors(*theirs.pattern) : std::string(is_absent);
    values(at + " pattern", without_anchors(ours.pattern), pattern);
  }

  std::vector<Drift> drifts_;
};

}  // namespace

std::vector<Drift> check_model(const SpecTable& table, std::string_view model_json) {
  json document;
  try {
    document = json::parse(model_json);
  } catch (const json::exception& e) {
    throw ModelError(fmt::format("the model is not JSON: {}", e.what()));
  }
  const Model model = model_of(document, table);
  Comparison comparison;
  comparison.values("signing name", table.service, model.signing_name.empty() ? is_absent : model.signing_name);
  comparison.values("target", table.service_shape, model.service_shape);
  comparison.values("protocol", table.protocol, model.protocol.empty() ? is_absent : model.protocol);
  if (!model.has_operation) {
    comparison.values("operation", table.operation, is_absent);
    return comparison.take();  // each member would only say so again
  }
  comparison.members("request", table.request_members, model.request_members);
  comparison.members("response", table.response_members, model.response_members);
  comparison.errors(table.errors, model.errors);
  return comparison.take();
}

std::string read_model(const std::filesystem::path& path) {
  constexpr std::size_t limit = std::size_t{256} << 20;  // the largest model is under 10 MB; a gzip bomb is not
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw ModelError(fmt::format("{} is a directory, not a model", path.string()));
  }
  // gzread passes what is not gzip through as it is.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw ModelError(fmt::format("cannot open the model {}: {}", path.string(), std::strerror(errno)));
  std::string content;
  std::array<char, 1 << 16> buffer{};
  int count = 0;
  while ((count = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > limit) throw ModelError(fmt::format("the model {} is over 256 MB", path.string()));
  }
  int code = Z_OK;
  const char* message = gzerror(file.get(), &code);
  // A file that ends amid its compressed data reads as if it were whole; only the code tells.
  if (count < 0 || code != Z_OK) {
    throw ModelError(
        fmt::format("cannot read the model {}: {}", path.string(), code == Z_ERRNO ? std::strerror(errno) : message));
  }
  return content;
}

}  // namespace conformance::spec
