// What is printed arrives, or the exit status says so: a full disk must not turn into a green job with an empty log.
//
//     prepare_standard_streams();                            // first thing in main
//     return status_after_output(run_main(…), std::cerr);    // last
#pragma once

#include <iosfwd>

namespace conformance::cli {

// A reader that goes away (`| head`) ends no run half-way: sessions are to be deleted and reports written. A standard
// stream that is closed stays unusable, so that no file that is opened later takes its number and gets its text.
void prepare_standard_streams();

// Flushes standard output. `status` if all of it was written, or if its reader had enough; else says on `err` what went
// wrong and returns 3 instead of 0.
[[nodiscard]] int status_after_output(int status, std::ostream& err);

}  // namespace conformance::cli
