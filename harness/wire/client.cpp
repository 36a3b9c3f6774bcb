#include "harness/wire/client.h"

#ifndef ASIO_STANDALONE
#define ASIO_STANDALONE
#endif
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <asio.hpp>
#include <asio/ssl.hpp>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "harness/wire/ascii.h"
#include "harness/wire/response_reader.h"

namespace conformance::wire {
namespace {

using Clock = std::chrono::steady_clock;
using asio::ip::tcp;
using Tls = asio::ssl::stream<tcp::socket&>;

constexpr std::string_view http_start = "HTTP/";
constexpr std::chrono::milliseconds scan_interval{25};
constexpr std::chrono::milliseconds least_quiet{10};     // after the last answer of a peer that ends no connection
constexpr std::size_t pipeline_depth = 128;              // requests in a write, at most
constexpr std::size_t pipeline_room = 32U << 10U;        // bytes of them, which wait in the sockets
constexpr std::chrono::milliseconds closing_wait{1000};  // for a peer that should close, of the exchange's deadline

// What getaddrinfo found. Shared with the thread that runs it, which may outlive the client: the call cannot be
// stopped, and a name server that does not answer must not hold up a run beyond its timeout.
struct Resolution {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  std::vector<tcp::endpoint> endpoints;
  std::string error;
};

void resolve_into(const std::shared_ptr<Resolution>& resolution, const std::string& host, const std::string& port) {
  asio::io_context context;
  tcp::resolver resolver(context);
  asio::error_code error;
  const auto results = resolver.resolve(host, port, tcp::resolver::numeric_service, error);
  const std::lock_guard lock(resolution->mutex);
  for (const auto& result : results) resolution->endpoints.push_back(result.endpoint());
  if (error) resolution->error = error.message();
  resolution->ready = true;
  resolution->changed.notify_all();
}

// "connection refused" rather than "Connection refused": it stands in the middle of a line.
std::string message_of(const asio::error_code& error) {
  std::string message = error.message();
  if (message.size() > 1 && ascii::to_lower(message[1]) == message[1]) message[0] = ascii::to_lower(message[0]);
  return message;
}

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace

class Client::Impl {
 public:
  Impl(Url endpoint, ClientOptions options);

  void exchange_all(std::size_t count, const std::function<Outgoing(std::size_t)>& request_of,
                    const std::function<void(std::size_t, Exchange)>& done);

  [[nodiscard]] bool pipeline(std::size_t count, const Pipelined& requests);
  void set_finishing(bool finishing) { finishing_ = finishing; }
  [[nodiscard]] std::size_t max_body() const { return max_body_; }
  void set_max_body(std::size_t bytes) { max_body_ = bytes; }

  // Lock-free, so that a signal handler may set it.
  std::atomic<bool> interrupted{false};
  void forget_unanswered() { unanswered_ = 0; }
  [[nodiscard]] std::size_t ended_silently() const { return ended_silently_; }
  [[nodiscard]] bool given_up() const { return options_.give_up_after > 0 && unanswered_ >= options_.give_up_after; }
  static_assert(std::atomic<bool>::is_always_lock_free);

 private:
  struct Connection {
    explicit Connection(asio::io_context& context)
        : socket(context), write_ended(context, Clock::time_point::max()), pace(context) {}

    tcp::socket socket;
    std::unique_ptr<Tls> tls;  // of `socket`
    bool used = false;         // has carried a whole exchange
    bool writing = false;
    asio::steady_timer write_ended;  // cancelled when `writing` becomes false
    asio::steady_timer pace;
    Clock::time_point deadline = Clock::time_point::max();  // of the exchange under way
    TransportFailure killed = TransportFailure::none;       // why the scan closed it
    std::array<char, 16384> buffer;
    // Of a conversation: what was read beyond the last answer, and the interim wait's begun answer.
    std::string unread;
    std::optional<ResponseReader> reader;
    bool ended = false;            // by the peer, as the end of an answer without a length; a second read would not end
    Clock::duration per_answer{};  // of a pipeline: what an answer took in the last batch
    // Of a pipeline: what is written at once, with where each request begins in it.
    struct Begun {
      std::size_t index, place;
    };
    std::string batch_bytes;
    std::vector<Begun> batch;
    std::size_t answered = 0;  // of the batch
  };

  // The coroutines are members that take references to what outlives them, and no closures: GCC 12 mishandles both
  // temporaries and captures in coroutine frames.
  asio::awaitable<void> work(Connection& connection);
  asio::awaitable<void> work_through_pipeline(Connection& connection);
  void fill_batch(Connection& connection);
  // True if every request was answered.
  template <typename Stream>
  asio::awaitable<bool> pass_batch(Stream& stream, Connection& connection);
  void note_surplus(Connection& connection);
  asio::awaitable<void> await_end(Connection& connection);
  // Of the batch, as far as they are whole; false if one is of another form.
  bool take_answers(Connection& connection, std::chrono::microseconds elapsed);
  asio::awaitable<void> await_slot(Connection& connection);
  asio::awaitable<void> perform(Connection& connection, Exchange& exchange);
  asio::awaitable<void> connect(Connection& connection, Exchange& exchange);
  asio::awaitable<void> shake_hands(Connection& connection, Exchange& exchange);
  template <typename Stream>
  asio::awaitable<void> transfer(Stream& stream, Connection& connection, Exchange& exchange, bool& keep);
  asio::awaitable<void> converse(Connection& connection, const Conversation& conversation, Exchange& exchange);
  template <typename Stream>
  asio::awaitable<void> say(Stream& stream, Connection& connection, const Turn& turn, Exchange& exchange);
  template <typename Stream>
  asio::awaitable<void> hear(Stream& stream, Connection& connection, const Turn& turn, bool last, Exchange& exchange);
  template <typename Stream>
  asio::awaitable<void> hear_close(Stream& stream, Connection& connection, Exchange& exchange);
  asio::awaitable<void> await_bytes(Connection& connection, Clock::time_point until);
  template <typename Stream>
  asio::awaitable<std::size_t> read_some(Stream& stream, Connection& connection, Clock::time_point until,
                                         asio::error_code& error);

  // Between two requests, at options_.rate, which must be over 0.
  [[nodiscard]] Clock::duration interval() const {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / options_.rate));
  }
  void ensure_resolved();
  // Has each of `active_` connections do the job, until all have ended.
  void run(asio::awaitable<void> (Impl::*job)(Connection&));
  void scan();
  void arm_scan();
  static void kill(Connection& connection, TransportFailure why);
  static void drop(Connection& connection);
  [[nodiscard]] static bool is_reusable(Connection& connection);
  // `timed_out`: what it is if the deadline was the reason.
  void explain_kill(const Connection& connection, Exchange& exchange, TransportFailure timed_out,
                    std::string_view during) const;
  void count_unanswered(const Exchange& exchange);

  const Url url_;
  const ClientOptions options_;
  Url address_;  // where connections go
  std::optional<asio::ssl::context> tls_context_;
  asio::io_context io_{1};
  asio::steady_timer scan_timer_{io_};
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<tcp::endpoint> endpoints_;
  std::string resolve_error_;
  std::size_t preferred_endpoint_ = 0;  // the one that answered last
  Clock::time_point next_slot_{};       // when the rate allows the next request

  std::size_t ended_silently_ = 0;
  std::size_t unanswered_ = 0;                          // in a row, that got no connection or no end of an answer
  std::size_t max_body_ = options_.max_response_bytes;  // of the call under way

  bool finishing_ = false;  // an interrupt ends nothing that has begun

  // Of the call under way.
  std::size_t next_ = 0, count_ = 0, active_ = 0;
  const std::function<Outgoing(std::size_t)>* request_of_ = nullptr;
  const std::function<void(std::size_t, Exchange)>* done_ = nullptr;
  const Pipelined* pipelined_ = nullptr;
  bool surplus_ = false;        // more came than was asked
  bool ends_when_told_ = true;  // the peer ends a connection on which nothing more is asked
  std::exception_ptr error_;
};

Client::Impl::Impl(Url endpoint, ClientOptions options)
    : url_(std::move(endpoint)), options_(std::move(options)), address_(url_) {
  const auto other = std::find_if(options_.connect_to.begin(), options_.connect_to.end(), [this](const ConnectTo& one) {
    return one.host == url_.host && one.port == url_.port;
  });
  if (other != options_.connect_to.end()) address_ = other->address;
  if (url_.scheme != "https") return;
  tls_context_.emplace(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(tls_context_->native_handle(), TLS1_2_VERSION);
  tls_context_->set_verify_mode(options_.insecure ? asio::ssl::verify_none : asio::ssl::verify_peer);
  if (options_.insecure) return;
  asio::error_code error;
  if (options_.ca_bundle.empty()) {
    tls_context_->set_default_verify_paths(error);
    if (error) throw UsageError("the system's CA certificates cannot be read: " + message_of(error));
  } else {
    tls_context_->load_verify_file(options_.ca_bundle, error);
    if (error) throw UsageError("the CA bundle '" + options_.ca_bundle + "' cannot be read: " + message_of(error));
  }
}

void Client::Impl::ensure_resolved() {
  if (!endpoints_.empty()) return;
  resolve_error_.clear();
  if (address_.is_ip_literal) {
    asio::error_code error;
    const asio::ip::address address = asio::ip::make_address(address_.host, error);
    if (error)
      resolve_error_ = message_of(error);
    else
      endpoints_.emplace_back(address, static_cast<std::uint16_t>(std::stoul(address_.port)));
    return;
  }
  const auto resolution = std::make_shared<Resolution>();
  try {
    std::thread(&resolve_into, resolution, address_.host, address_.port).detach();
  } catch (const std::system_error& error) {
    resolve_error_ = error.what();
    return;
  }
  const Clock::time_point deadline = Clock::now() + options_.timeout;
  std::unique_lock lock(resolution->mutex);
  while (!resolution->ready && !interrupted && Clock::now() < deadline)
    resolution->changed.wait_for(lock, scan_interval);
  endpoints_ = resolution->endpoints;
  preferred_endpoint_ = 0;
  if (!endpoints_.empty()) return;
  resolve_error_ = !resolution->ready          ? "no answer within " + std::to_string(options_.timeout.count()) + " ms"
                   : resolution->error.empty() ? "no address"
                                               : resolution->error;
}

void Client::Impl::exchange_all(std::size_t count, const std::function<Outgoing(std::size_t)>& request_of,
                                const std::function<void(std::size_t, Exchange)>& done) {
  if (count == 0) return;
  if (!interrupted) ensure_resolved();
  next_ = 0;
  count_ = count;
  request_of_ = &request_of;
  done_ = &done;
  // An interrupt may have left slots taken far ahead and not used.
  if (options_.rate > 0) next_slot_ = std::min(next_slot_, Clock::now() + interval());
  run(&Impl::work);
}

bool Client::Impl::pipeline(std::size_t count, const Pipelined& requests) {
  surplus_ = false;
  if (count == 0 || interrupted) return true;
  ensure_resolved();
  if (endpoints_.empty()) return true;
  next_ = 0;
  count_ = count;
  pipelined_ = &requests;
  run(&Impl::work_through_pipeline);
  return !surplus_;
}

void Client::Impl::run(asio::awaitable<void> (Impl::*job)(Connection&)) {
  error_ = nullptr;
  active_ = std::min(count_, std::max<std::size_t>(options_.connections, 1));
  while (connections_.size() < active_) connections_.push_back(std::make_unique<Connection>(io_));
  io_.restart();
  for (std::size_t i = 0; i < active_; ++i) {
    asio::co_spawn(io_, (this->*job)(*connections_[i]), [this](const std::exception_ptr& error) {
      if (error) {
        if (!error_) error_ = error;
        count_ = 0;
      }
      if (--active_ == 0) scan_timer_.cancel();
    });
  }
  arm_scan();
  io_.run();
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

// One scan for all connections: a timer for each exchange would cost more than the exchange.
void Client::Impl::arm_scan() {
  scan_timer_.expires_after(scan_interval);
  scan_timer_.async_wait([this](const asio::error_code&) {
    if (active_ == 0) return;
    scan();
    arm_scan();
  });
}

void Client::Impl::scan() {
  const Clock::time_point now = Clock::now();
  for (const auto& connection : connections_) {
    if (interrupted) connection->pace.cancel();
    if (connection->deadline == Clock::time_point::max() || connection->killed != TransportFailure::none) continue;
    if (interrupted && !finishing_)
      kill(*connection, TransportFailure::interrupted);
    else if (connection->deadline <= now)
      kill(*connection, TransportFailure::timeout);
  }
}

// Whatever waits on the socket then ends with an error.
void Client::Impl::kill(Connection& connection, TransportFailure why) {
  connection.killed = why;
  asio::error_code ignored;
  connection.socket.close(ignored);
}

// Only when nothing waits on the socket any more.
void Client::Impl::drop(Connection& connection) {
  asio::error_code ignored;
  if (connection.socket.is_open()) {
    // Whoever closes first holds the port for a minute (TIME_WAIT). A peer that answers "Connection: close" to
    // everything but leaves the closing to us would use up all ports within 28 000 requests: so reset it instead.
    char byte = 0;
    if (::recv(connection.socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
      connection.socket.set_option(asio::socket_base::linger(true, 0), ignored);
    connection.socket.close(ignored);
  }
  connection.tls.reset();
  connection.used = false;
}

// False if the peer has closed it since, or has sent what nobody asked for: that would be read as the next answer.
bool Client::Impl::is_reusable(Connection& connection) {
  if (!connection.socket.is_open()) return false;
  char byte = 0;
  const auto count = ::recv(connection.socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // TLS 1.3 sends session tickets at any time: bytes there say nothing.
  return count < 0 ? errno == EAGAIN || errno == EWOULDBLOCK : count > 0 && connection.tls;
}

void Client::Impl::explain_kill(const Connection& connection, Exchange& exchange, TransportFailure timed_out,
                                std::string_view during) const {
  exchange.failure = connection.killed == TransportFailure::timeout ? timed_out : connection.killed;
  exchange.detail.clear();
  if (connection.killed == TransportFailure::timeout)
    exchange.detail = "not done within " + std::to_string(options_.timeout.count()) + " ms: ";
  exchange.detail.append(during);
}

void Client::Impl::count_unanswered(const Exchange& exchange) {
  switch (exchange.failure) {
    case TransportFailure::resolve:
    case TransportFailure::connect:
    case TransportFailure::tls:
    case TransportFailure::timeout:
    case TransportFailure::too_large:
      ++unanswered_;
      return;
    default:
      unanswered_ = 0;
  }
}

// Until the rate allows the next request.
asio::awaitable<void> Client::Impl::await_slot(Connection& connection) {
  if (options_.rate <= 0 || interrupted) co_return;
  const Clock::time_point now = Clock::now();
  const Clock::time_point slot = std::max(now, next_slot_);
  next_slot_ = slot + interval();
  if (slot <= now) co_return;
  asio::error_code ignored;
  connection.pace.expires_at(slot);
  co_await connection.pace.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Client::Impl::work(Connection& connection) {
  while (next_ < count_) {
    const std::size_t index = next_++;
    co_await await_slot(connection);
    // Another's callback has thrown meanwhile.
    if (count_ == 0) co_return;
    Exchange exchange;
    if (interrupted) {
      exchange.failure = TransportFailure::interrupted;
      exchange.detail = "before sending";
    } else if (given_up()) {
      exchange.failure = TransportFailure::given_up;
      exchange.detail = "not sent: the last " + std::to_string(unanswered_) + " requests got no whole answer";
    } else {
      Outgoing outgoing = (*request_of_)(index);
      if (outgoing.conversation.turns.empty()) {
        exchange.sent = std::move(outgoing.bytes);
        co_await perform(connection, exchange);
      } else {
        co_await converse(connection, outgoing.conversation, exchange);
      }
      count_unanswered(exchange);
    }
    (*done_)(index, std::move(exchange));
  }
}

asio::awaitable<void> Client::Impl::work_through_pipeline(Connection& connection) {
  while (next_ < count_ && !interrupted && !surplus_) {
    if (!connection.used || !is_reusable(connection)) {
      // After it was looked at, and not before: it may have come in between, and would be dropped unseen.
      note_surplus(connection);
      if (surplus_) break;
      drop(connection);
      Exchange exchange;
      connection.killed = TransportFailure::none;
      connection.deadline = Clock::now() + options_.timeout;
      co_await connect(connection, exchange);
      connection.deadline = Clock::time_point::max();
      if (exchange.failure != TransportFailure::none) break;
    }
    fill_batch(connection);
    if (connection.batch.empty()) continue;
    connection.killed = TransportFailure::none;
    connection.deadline = Clock::now() + options_.timeout;
    connection.used = connection.tls ? co_await pass_batch(*connection.tls, connection)
                                     : co_await pass_batch(connection.socket, connection);
    connection.deadline = Clock::time_point::max();
    // A server may end a connection after so many requests. One that takes no second request before it has answered
    // the first would end each.
    if (!connection.used && (connection.answered == 0 || connection.killed != TransportFailure::none)) break;
  }
  if (connection.used && !surplus_ && !interrupted) {
    co_await await_end(connection);
    connection.used = false;
  }
  if (!connection.used || surplus_) drop(connection);
}

// The last answer of a peer that is ahead by one may still be on its way. It comes before the end of the connection,
// and a peer that is told that nothing more is asked ends it. One that does not is waited for once, and then no longer
// than an answer took.
asio::awaitable<void> Client::Impl::await_end(Connection& connection) {
  asio::error_code error;
  connection.deadline = Clock::now() + (ends_when_told_ ? std::min<Clock::duration>(closing_wait, options_.timeout)
                                                        : least_quiet + connection.per_answer);
  if (connection.tls) {
    co_await connection.tls->async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    surplus_ |= ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_APPLICATION_DATA_AFTER_CLOSE_NOTIFY;
  } else {
    connection.socket.shutdown(tcp::socket::shutdown_send, error);
    const std::size_t count = co_await connection.socket.async_read_some(
        asio::buffer(connection.buffer), asio::redirect_error(asio::use_awaitable, error));
    // A server may say so that it has waited long enough (RFC 9110 section 15.5.9).
    const bool is_farewell = std::string_view(connection.buffer.data(), count).starts_with("HTTP/1.1 408 ");
    surplus_ |= count > 0 && !is_farewell;
  }
  connection.deadline = Clock::time_point::max();
  if (connection.killed == TransportFailure::timeout) ends_when_told_ = false;
}

// What waits there unasked. Of TLS it may be the session tickets.
void Client::Impl::note_surplus(Connection& connection) {
  asio::error_code error;
  if (connection.used && !connection.tls && connection.socket.available(error) > 0) surplus_ = true;
}

// Fewer towards the end, so that no connection is left with much when the others are done.
void Client::Impl::fill_batch(Connection& connection) {
  connection.batch.clear();
  connection.batch_bytes.clear();
  const std::size_t share = (count_ - next_) / (2 * std::max<std::size_t>(active_, 1));
  const std::size_t most = std::clamp<std::size_t>(share, 1, pipeline_depth);
  while (next_ < count_ && connection.batch.size() < most && connection.batch_bytes.size() < pipeline_room) {
    const std::size_t index = next_++, place = connection.batch_bytes.size();
    pipelined_->append_request(index, connection.batch_bytes);
    if (connection.batch_bytes.size() > place) connection.batch.push_back({index, place});
  }
}

bool Client::Impl::take_answers(Connection& connection, std::chrono::microseconds elapsed) {
  const auto& batch = connection.batch;
  std::size_t taken = 0;
  while (connection.answered < batch.size()) {
    const std::string_view rest = std::string_view(connection.unread).substr(taken);
    const std::size_t size = rest.empty() ? 0 : usual_answer_size(rest);
    if (size == std::string_view::npos) return false;
    if (size == 0) break;
    const std::size_t which = connection.answered++, begin = batch[which].place;
    const std::size_t end = which + 1 < batch.size() ? batch[which + 1].place : connection.batch_bytes.size();
    pipelined_->answered(batch[which].index,
                         {.sent = std::string_view(connection.batch_bytes).substr(begin, end - begin),
                          .received = rest.substr(0, size),
                          .elapsed = elapsed});
    taken += size;
  }
  connection.unread.erase(0, taken);
  return true;
}

// What a batch asks and is answered is some tens of kilobytes, which wait in the sockets: writing is done
// before reading begins.
template <typename Stream>
asio::awaitable<bool> Client::Impl::pass_batch(Stream& stream, Connection& connection) {
  connection.unread.clear();
  connection.answered = 0;
  const Clock::time_point start = Clock::now();
  asio::error_code error;
  co_await asio::async_write(stream, asio::buffer(connection.batch_bytes),
                             asio::redirect_error(asio::use_awaitable, error));
  while (!error) {
    const std::size_t count = co_await stream.async_read_some(asio::buffer(connection.buffer),
                                                              asio::redirect_error(asio::use_awaitable, error));
    connection.unread.append(connection.buffer.data(), count);
    const Clock::time_point now = Clock::now();
    const std::size_t before = connection.answered;
    if (!take_answers(connection, std::chrono::duration_cast<std::chrono::microseconds>(now - start))) co_return false;
    if (connection.answered > before) connection.deadline = now + options_.timeout;
    if (connection.answered < connection.batch.size()) continue;
    connection.per_answer = (now - start) / static_cast<Clock::rep>(connection.batch.size());
    if (!connection.unread.empty()) surplus_ = true;
    co_return connection.unread.empty();
  }
  co_return false;
}

asio::awaitable<void> Client::Impl::perform(Connection& connection, Exchange& exchange) {
  if (endpoints_.empty()) {
    exchange.failure = TransportFailure::resolve;
    exchange.detail = resolve_error_ + ": " + url_.host;
    co_return;
  }
  connection.killed = TransportFailure::none;
  connection.deadline = Clock::now() + options_.timeout;
  bool keep = false;
  std::string first;  // how it ended the first time
  for (bool retried = false;; retried = true) {
    const bool reused = connection.used && is_reusable(connection);
    if (!reused) {
      if (connection.used || retried) ++ended_silently_;
      drop(connection);
      co_await connect(connection, exchange);
      if (exchange.failure == TransportFailure::connect && retried) {
        // The peer may have taken it the first time: that nobody was there the second time hides nothing.
        exchange.failure = TransportFailure::closed;
        exchange.detail = first + "; then " + exchange.detail;
      }
      if (exchange.failure != TransportFailure::none) break;
    }
    if (connection.tls)
      co_await transfer(*connection.tls, connection, exchange, keep);
    else
      co_await transfer(connection.socket, connection, exchange, keep);
    const bool may_retry = reused && !retried && exchange.failure == TransportFailure::closed &&
                           exchange.received.empty() && connection.killed == TransportFailure::none;
    if (!may_retry) break;
    exchange.failure = TransportFailure::none;
    first = std::exchange(exchange.detail, {});
    exchange.resent = true;
    drop(connection);
  }
  connection.deadline = Clock::time_point::max();
  if (keep && connection.killed == TransportFailure::none)
    connection.used = true;
  else
    drop(connection);
}

asio::awaitable<void> Client::Impl::connect(Connection& connection, Exchange& exchange) {
  asio::error_code error;
  std::string tried;
  bool connected = false;
  for (std::size_t i = 0; i < endpoints_.size() && !connected; ++i) {
    const std::size_t index = (preferred_endpoint_ + i) % endpoints_.size();
    const tcp::endpoint endpoint = endpoints_[index];
    asio::error_code ignored;
    connection.socket.close(ignored);
    connection.socket.open(endpoint.protocol(), error);
    if (!error) {
      connection.socket.set_option(tcp::no_delay(true), ignored);
      co_await connection.socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    }
    if (connection.killed != TransportFailure::none) {
      explain_kill(connection, exchange, TransportFailure::connect, "no connection to " + text_of(endpoint));
      co_return;
    }
    if (error) {
      if (!tried.empty()) tried.append("; ");
      tried.append(message_of(error)).append(": ").append(text_of(endpoint));
      continue;
    }
    connected = true;
    preferred_endpoint_ = index;
  }
  if (!connected) {
    exchange.failure = TransportFailure::connect;
    exchange.detail = tried;
    co_return;
  }
  if (tls_context_) co_await shake_hands(connection, exchange);
}

asio::awaitable<void> Client::Impl::shake_hands(Connection& connection, Exchange& exchange) {
  connection.tls = std::make_unique<Tls>(connection.socket, *tls_context_);
  SSL* const ssl = connection.tls->native_handle();
  // Asio checks the chain but not whose it is. The subject's common name is no host name any more (RFC 9525 section 2).
  X509_VERIFY_PARAM* const parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  bool prepared = false;
  if (url_.is_ip_literal) {
    prepared = X509_VERIFY_PARAM_set1_ip_asc(parameters, url_.host.c_str()) == 1;
  } else {
    // Neither the server name (RFC 6066 section 3) nor a certificate has the root's dot.
    std::string name = url_.host;
    if (name.ends_with('.')) name.pop_back();
    prepared = X509_VERIFY_PARAM_set1_host(parameters, name.c_str(), name.size()) == 1 &&
               SSL_set_tlsext_host_name(ssl, name.c_str()) == 1;
  }
  if (!prepared) {
    exchange.failure = TransportFailure::tls;
    exchange.detail = "OpenSSL refuses the host name";
    co_return;
  }
  asio::error_code error;
  co_await connection.tls->async_handshake(asio::ssl::stream_base::client,
                                           asio::redirect_error(asio::use_awaitable, error));
  if (connection.killed != TransportFailure::none) {
    explain_kill(connection, exchange, TransportFailure::tls, "in the TLS handshake");
  } else if (error) {
    exchange.failure = TransportFailure::tls;
    const long verdict = SSL_get_verify_result(ssl);
    exchange.detail = verdict != X509_V_OK
                          ? "the certificate was refused: " + std::string(X509_verify_cert_error_string(verdict))
                          : "the TLS handshake failed: " + message_of(error);
  }
}

// Reads while it writes: a peer may answer before it has read the whole request, and then read no more of it.
template <typename Stream>
asio::awaitable<void> Client::Impl::transfer(Stream& stream, Connection& connection, Exchange& exchange, bool& keep) {
  keep = false;
  const Clock::time_point start = Clock::now();
  Clock::time_point last = start;
  connection.writing = true;
  asio::async_write(stream, asio::buffer(exchange.sent), [&connection](const asio::error_code&, std::size_t) {
    // Of an error here, reading tells what it means.
    connection.writing = false;
    connection.write_ended.cancel();
  });

  Limits limits;
  limits.max_body_bytes = max_body_;
  limits.to_head = exchange.sent.starts_with("HEAD ");
  ResponseReader reader(limits);
  asio::error_code error;
  while (reader.state() == ResponseReader::State::need_more && !error) {
    const std::size_t count = co_await stream.async_read_some(asio::buffer(connection.buffer),
                                                              asio::redirect_error(asio::use_awaitable, error));
    if (count == 0) continue;
    last = Clock::now();
    exchange.received.append(connection.buffer.data(), count);
    reader.feed(std::string_view(connection.buffer.data(), count));
  }
  if (error == asio::error::eof) reader.end_of_stream();

  const bool wrote_all = !connection.writing;
  if (connection.writing) {
    // Nobody reads the rest any more. Before the buffer may go, the write has to end.
    asio::error_code ignored;
    connection.socket.close(ignored);
    while (connection.writing)
      co_await connection.write_ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }

  exchange.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(last - start);
  const std::string so_far = "after " + std::to_string(exchange.received.size()) + " bytes of the response";
  if (reader.state() == ResponseReader::State::complete) {
    exchange.response = reader.take();
    keep = wrote_all && exchange.response->keep_alive;
  } else if (reader.state() == ResponseReader::State::failed) {
    exchange.failure = reader.failure();
    exchange.detail = reader.detail();
    if (exchange.failure == TransportFailure::too_large && exchange.received.size() > max_body_)
      exchange.received.resize(max_body_);
  } else if (connection.killed != TransportFailure::none) {
    explain_kill(connection, exchange, TransportFailure::timeout, so_far);
  } else {
    exchange.failure = TransportFailure::closed;
    exchange.detail = message_of(error) + ": " + so_far;
  }
}

// A connection of its own, which is not used again.
asio::awaitable<void> Client::Impl::converse(Connection& connection, const Conversation& conversation,
                                             Exchange& exchange) {
  if (endpoints_.empty()) {
    exchange.failure = TransportFailure::resolve;
    exchange.detail = resolve_error_ + ": " + url_.host;
    co_return;
  }
  connection.killed = TransportFailure::none;
  const Clock::time_point start = Clock::now();
  bool open = false;
  std::size_t due = 0;
  for (const Turn& turn : conversation.turns) {
    connection.deadline = Clock::time_point::max();
    if (open && turn.answers > 0) co_await await_slot(connection);
    if (interrupted) {
      exchange.failure = TransportFailure::interrupted;
      exchange.detail = "before all was sent";
      break;
    }
    connection.deadline = Clock::now() + options_.timeout;
    // A peer that closes after an answer, saying so, is asked the next on a new connection, as any client does.
    const bool announced = exchange.response && !exchange.response->keep_alive;
    if (!open || turn.on_new_connection || announced) {
      drop(connection);
      connection.unread.clear();
      connection.reader.reset();
      connection.ended = false;
      exchange.answers_on_connection = 0;
      co_await connect(connection, exchange);
      if (exchange.failure != TransportFailure::none) break;
      open = true;
    }
    if (connection.tls)
      co_await say(*connection.tls, connection, turn, exchange);
    else
      co_await say(connection.socket, connection, turn, exchange);
    due += turn.answers;
    const bool last = &turn == &conversation.turns.back();
    if (last && conversation.end == Conversation::End::leave) break;
    asio::error_code ignored;
    if (last && conversation.end == Conversation::End::half_close) {
      if (conversation.half_close_after.count() > 0)
        co_await await_bytes(connection, Clock::now() + conversation.half_close_after);
      connection.socket.shutdown(tcp::socket::shutdown_send, ignored);
    }
    const bool nothing_follows = last && !conversation.open_ended;
    if (connection.tls)
      co_await hear(*connection.tls, connection, turn, nothing_follows, exchange);
    else
      co_await hear(connection.socket, connection, turn, nothing_follows, exchange);
    if (exchange.failure != TransportFailure::none) break;
    // Answered before all was said: the rest is not asked for.
    if (turn.await_interim.count() > 0 && exchange.response) break;
  }
  if (exchange.failure == TransportFailure::none && conversation.end == Conversation::End::closed) {
    if (connection.tls)
      co_await hear_close(*connection.tls, connection, exchange);
    else
      co_await hear_close(connection.socket, connection, exchange);
  }
  exchange.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
  if (exchange.failure == TransportFailure::none && !exchange.response) {
    exchange.failure = TransportFailure::left;
    exchange.detail = "the connection was left before an answer was due";
  } else if (exchange.failure != TransportFailure::none && exchange.response) {
    exchange.earlier.push_back(std::move(*exchange.response));
    exchange.response.reset();
  }
  if (due > 1 && exchange.failure != TransportFailure::none)
    exchange.detail +=
        "; " + std::to_string(exchange.earlier.size()) + " of " + std::to_string(due) + " answers had come";
  connection.deadline = Clock::time_point::max();
  connection.unread.clear();
  connection.reader.reset();
  // Who goes away closes, and does not reset: the peer is to see the end of what was sent.
  asio::error_code ignored;
  if (conversation.end == Conversation::End::leave) connection.socket.close(ignored);
  drop(connection);
}

// Of an error here, reading tells what it means.
template <typename Stream>
asio::awaitable<void> Client::Impl::say(Stream& stream, Connection& connection, const Turn& turn, Exchange& exchange) {
  exchange.sent += turn.bytes;
  const std::size_t piece = turn.piece == 0 ? turn.bytes.size() : turn.piece;
  asio::error_code error;
  for (std::size_t begin = 0; begin < turn.bytes.size() && !error; begin += piece) {
    if (connection.killed != TransportFailure::none) break;
    const std::string_view bytes = std::string_view(turn.bytes).substr(begin, piece);
    co_await asio::async_write(stream, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
    const bool last = begin + piece >= turn.bytes.size();
    if (turn.pause.count() > 0 && !(last && turn.answers > 0)) {
      asio::error_code ignored;
      connection.pace.expires_after(turn.pause);
      co_await connection.pace.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }
}

// At most until `until`: then it ends with asio::error::timed_out, and the connection goes on.
template <typename Stream>
asio::awaitable<std::size_t> Client::Impl::read_some(Stream& stream, Connection& connection, Clock::time_point until,
                                                     asio::error_code& error) {
  const bool limited = until != Clock::time_point::max();
  if (limited) {
    connection.pace.expires_at(until);
    connection.pace.async_wait([&connection](const asio::error_code& cancelled) {
      asio::error_code ignored;
      if (!cancelled) connection.socket.cancel(ignored);
    });
  }
  const std::size_t count = co_await stream.async_read_some(asio::buffer(connection.buffer),
                                                            asio::redirect_error(asio::use_awaitable, error));
  if (limited) connection.pace.cancel();
  if (error == asio::error::operation_aborted && connection.killed == TransportFailure::none && limited)
    error = asio::error::timed_out;
  co_return count;
}

// Until something can be read, or `until`.
asio::awaitable<void> Client::Impl::await_bytes(Connection& connection, Clock::time_point until) {
  connection.pace.expires_at(until);
  connection.pace.async_wait([&connection](const asio::error_code& cancelled) {
    asio::error_code ignored;
    if (!cancelled) connection.socket.cancel(ignored);
  });
  asio::error_code ignored;
  co_await connection.socket.async_wait(tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, ignored));
  connection.pace.cancel();
}

template <typename Stream>
asio::awaitable<void> Client::Impl::hear(Stream& stream, Connection& connection, const Turn& turn, bool last,
                                         Exchange& exchange) {
  Limits limits;
  limits.max_body_bytes = max_body_;
  limits.to_head = turn.bytes.starts_with("HEAD ");
  const bool interim = turn.await_interim.count() > 0;
  const Clock::time_point until = interim ? Clock::now() + turn.await_interim : Clock::time_point::max();
  for (std::size_t left = turn.answers; left > 0 || interim;) {
    limits.followed = !(last && left == 1);
    if (!connection.reader) connection.reader.emplace(limits);
    ResponseReader& reader = *connection.reader;
    asio::error_code error;
    while (reader.state() == ResponseReader::State::need_more && !error && !(interim && reader.interim() > 0)) {
      if (connection.unread.empty()) {
        const std::size_t count = co_await read_some(stream, connection, until, error);
        connection.unread.assign(connection.buffer.data(), count);
        exchange.received += connection.unread;
      }
      const std::size_t before = reader.leftover();
      reader.feed(connection.unread);
      connection.unread.erase(0, connection.unread.size() - (reader.leftover() - before));
    }
    if (interim && reader.state() == ResponseReader::State::need_more && (!error || error == asio::error::timed_out))
      co_return;
    if (error == asio::error::eof) {
      connection.ended = true;
      reader.end_of_stream();
    }
    if (reader.state() == ResponseReader::State::failed) {
      exchange.failure = reader.failure();
      exchange.detail = reader.detail();
      co_return;
    }
    if (reader.state() == ResponseReader::State::need_more) {
      const std::string so_far = "after " + std::to_string(exchange.received.size()) + " bytes of answers";
      if (connection.killed != TransportFailure::none) {
        explain_kill(connection, exchange, TransportFailure::timeout, so_far);
      } else {
        exchange.failure = TransportFailure::closed;
        exchange.detail = message_of(error) + ": " + so_far;
      }
      co_return;
    }
    if (exchange.response) exchange.earlier.push_back(std::move(*exchange.response));
    exchange.response = reader.take();
    exchange.answered_bytes = exchange.received.size() - connection.unread.size();
    ++exchange.answers_on_connection;
    connection.reader.reset();
    const std::size_t known = std::min(connection.unread.size(), http_start.size());
    if (std::string_view(connection.unread).substr(0, known) != http_start.substr(0, known)) {
      exchange.failure = TransportFailure::malformed;
      exchange.detail = "byte " + std::to_string(exchange.answered_bytes) + ": what follows an answer begins no other";
      co_return;
    }
    if (interim) co_return;  // a final answer in its place
    --left;
    // What else was asked on this connection is not answered (RFC 9112 section 9.6).
    if (!exchange.response->keep_alive) co_return;
  }
}

template <typename Stream>
asio::awaitable<void> Client::Impl::hear_close(Stream& stream, Connection& connection, Exchange& exchange) {
  exchange.peer_closed = connection.ended;
  if (!connection.unread.empty() || connection.ended) co_return;
  asio::error_code error;
  const std::size_t count = co_await read_some(stream, connection, Clock::now() + closing_wait, error);
  exchange.received.append(connection.buffer.data(), count);
  exchange.peer_closed =
      count == 0 && error && error != asio::error::timed_out && connection.killed == TransportFailure::none;
}

Client::Client(Url endpoint, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(endpoint), std::move(options))) {}

Client::~Client() = default;

void Client::exchange_all(std::size_t count, const std::function<Outgoing(std::size_t)>& request_of,
                          const std::function<void(std::size_t, Exchange)>& done) {
  impl_->exchange_all(count, request_of, done);
}

bool Client::pipeline(std::size_t count, const Pipelined& requests) { return impl_->pipeline(count, requests); }

Exchange Client::exchange(Outgoing outgoing) {
  Exchange result;
  exchange_all(
      1, [&](std::size_t) { return std::move(outgoing); },
      [&](std::size_t, Exchange exchange) { result = std::move(exchange); });
  return result;
}

Exchange Client::exchange(Outgoing outgoing, std::size_t max_response_bytes) {
  const std::size_t usual = impl_->max_body();
  impl_->set_max_body(max_response_bytes);
  Exchange result = exchange(std::move(outgoing));
  impl_->set_max_body(usual);
  return result;
}

Client::Finishing::Finishing(Client& client) : client_(client) { client_.impl_->set_finishing(true); }

Client::Finishing::~Finishing() { client_.impl_->set_finishing(false); }

void Client::interrupt() noexcept { impl_->interrupted = true; }

void Client::resume() noexcept {
  impl_->interrupted = false;
  impl_->forget_unanswered();
}

std::size_t Client::ended_silently() const noexcept { return impl_->ended_silently(); }

bool Client::gave_up() const noexcept { return impl_->given_up(); }

}  // namespace conformance::wire
