#include "daemon/http/reply.hpp"

#include <spdlog/spdlog.h>

#include <future>
#include <memory>
#include <utility>

#include "daemon/http/problem.hpp"

namespace consign::http {
namespace {

constexpr std::size_t kWritesAtOnce = 256;

Response response_to(store::Fate fate, Response written) {
  switch (fate) {
    case store::Fate::committed:
      return written;
    case store::Fate::failed:
      return problem_response(Problem::internal, "the work failed and nothing of it was stored");
    case store::Fate::unknown:
      return problem_response(Problem::outcome_unknown, "");
    case store::Fate::refused:
      return problem_response(Problem::busy, "the queue of writes is full");
  }
  return written;
}

// A reply of many writes goes to the writer in pieces, one after the other, so that one client's
// batch neither fills the queue nor makes one endless transaction.
class Writing : public std::enable_shared_from_this<Writing> {
 public:
  Writing(WriteReply reply, Services& services, std::function<void(Response)> done)
      : reply_(std::move(reply)), services_(services), done_(std::move(done)) {
    responses_.resize(reply_.items.size());
  }

  void go_on() {
    std::vector<std::size_t> places;
    std::vector<store::Unit> units;
    for (; next_ < reply_.items.size() && units.size() < kWritesAtOnce; ++next_) {
      auto& item = reply_.items[next_];
      if (auto* ready = std::get_if<Response>(&item)) {
        responses_[next_] = std::move(*ready);
        continue;
      }
      places.push_back(next_);
      units.push_back(
          services_.units.unit([self = shared_from_this(), place = next_](UnitContext& unit) {
            self->responses_[place] = std::get<Write>(self->reply_.items[place])(unit);
          }));
    }
    if (units.empty()) return finish();
    services_.writer.submit(std::move(units), [self = shared_from_this(),
                                               places = std::move(places)](const auto& fates) {
      for (std::size_t i = 0; i < places.size(); ++i) {
        auto& response = self->responses_[places[i]];
        response = response_to(fates[i], std::move(response));
      }
      self->next_ < self->reply_.items.size() ? self->go_on() : self->finish();
    });
  }

 private:
  void finish() {
    done_(reply_.combine ? reply_.combine(std::move(responses_)) : std::move(responses_.front()));
  }

  WriteReply reply_;
  Services& services_;
  std::function<void(Response)> done_;
  std::vector<Response> responses_;
  std::size_t next_ = 0;
};

}  // namespace

Reply write_reply(Write write) {
  WriteReply reply;
  reply.items.emplace_back(std::move(write));
  return reply;
}

void carry_out(Reply reply, Services& services, std::function<void(Response)> done) {
  if (auto* ready = std::get_if<Response>(&reply)) return done(std::move(*ready));
  if (auto* writes = std::get_if<WriteReply>(&reply)) {
    return std::make_shared<Writing>(std::move(*writes), services, std::move(done))->go_on();
  }
  if (auto* stream = std::get_if<StreamReply>(&reply)) {
    const SlowReply whole{[stream = std::move(*stream)] {
      Response response = stream.head;
      while (auto piece = stream.next()) response.body += *piece;
      return response;
    }};
    return carry_out(whole, services, std::move(done));
  }
  services.run_aside([slow = std::move(std::get<SlowReply>(reply)), done = std::move(done)] {
    Response response;
    try {
      response = slow.work();
    } catch (const std::exception& error) {
      response = read_failed(error);
    }
    done(std::move(response));
  });
}

Response carry_out(Reply reply, Services& services) {
  std::promise<Response> response;
  carry_out(std::move(reply), services, [&](Response got) { response.set_value(std::move(got)); });
  return response.get_future().get();
}

Response read_failed(const std::exception& error) {
  spdlog::error("http: a request failed: {}", error.what());
  const auto* from_store = dynamic_cast<const store::StoreError*>(&error);
  if (from_store != nullptr && from_store->code() == SQLITE_INTERRUPT) {
    return problem_response(Problem::busy, "the read took too long");
  }
  return problem_response(Problem::internal, "");
}

}  // namespace consign::http
