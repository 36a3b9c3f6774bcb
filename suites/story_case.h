// A case that is a story.
//
//     Case c = CaseBuilder::start("session.deleted.twice", "a second deletion", "delete.again", Kind::valid);
//     become_story(b, c, std::move(story));
#pragma once

#include "harness/case/case.h"
#include "harness/case/case_builder.h"

namespace conformance::suites {

// In a listing the case stands for itself by its first deletion.
void become_story(const CaseBuilder& b, Case& c, Story story);

}  // namespace conformance::suites
