#include "tests/whole/daemon_process.hpp"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace consign::testing {
namespace {

constexpr double kStartSeconds = 20;
constexpr double kEndSeconds = 40;

}  // namespace

bool eventually(const std::function<bool()>& holds, double seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  do {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  } while (std::chrono::steady_clock::now() < end);
  return holds();
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

std::string shopify_signature(const std::string& body, const std::string& secret) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), digest, &size);
  unsigned char text[2 * EVP_MAX_MD_SIZE];
  const int length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return {reinterpret_cast<const char*>(text), static_cast<std::size_t>(length)};
}

DaemonProcess::DaemonProcess(const std::string& settings, Time time) : time_(time) {
  write_file(folder_ / "clock", std::string(sizeof(std::int64_t), '\0'));
  std::filesystem::create_directory(rules());
  write_file(folder_ / "consignd.yaml",
             "rules: " + rules().string() + "\ndata: " + data().string() +
                 "\nlisten: 127.0.0.1:0\nsocket: " + (folder_ / "consign.sock").string() +
                 "\nshops:\n"
                 "  nordic: { channel: shopify, domain: nordic.myshopify.com, plan: basic, "
                 "webhook_secrets: [ old-secret, new-secret ] }\n"
                 "  outlet: { channel: own }\n" +
                 settings);
}

DaemonProcess::~DaemonProcess() {
  if (process_ > 0) end(SIGKILL);
}

void DaemonProcess::write_rules(const std::string& name, const std::string& text) const {
  write_file(rules() / name, text);
}

void DaemonProcess::spawn() {
  const bool by_hand = time_ == Time::by_hand;
  const std::string program =
      std::string(CONSIGN_BIN_DIR) + (by_hand ? "/consignd_by_hand" : "/consignd");
  const std::string config = (folder_ / "consignd.yaml").string();
  const std::string log = (folder_ / "log").string();
  const std::string clock = (folder_ / "clock").string();
  process_ = fork();
  if (process_ != 0) return;
  const int fd = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(fd, STDERR_FILENO);
  dup2(fd, STDOUT_FILENO);
  execl(program.c_str(), program.c_str(), "--config", config.c_str(), by_hand ? "--clock" : nullptr,
        clock.c_str(), nullptr);
  _exit(127);
}

bool DaemonProcess::start() {
  // The daemon clears it away, too, but perhaps after we have looked.
  std::filesystem::remove(data() / "listen");
  spawn();
  return eventually(
             [this] {
               if (waitpid(process_, nullptr, WNOHANG) == process_) {
                 process_ = -1;
                 return true;
               }
               const std::string address = read_file(data() / "listen");
               if (address.empty()) return false;
               port_ =
                   static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
               return Client(port_, "").get("/healthz").status == 200;
             },
             kStartSeconds) &&
         process_ > 0;
}

void DaemonProcess::pass(std::int64_t seconds) const {
  std::int64_t ahead = 0;
  std::fstream clock(folder_ / "clock", std::ios::in | std::ios::out | std::ios::binary);
  clock.read(reinterpret_cast<char*>(&ahead), sizeof ahead);
  ahead += seconds * 1'000'000;
  clock.seekp(0);
  clock.write(reinterpret_cast<const char*>(&ahead), sizeof ahead);
}

void DaemonProcess::signal(int number) const { kill(process_, number); }

int DaemonProcess::wait_for_end() {
  int status = 0;
  const bool ended =
      eventually([&] { return waitpid(process_, &status, WNOHANG) == process_; }, kEndSeconds);
  if (!ended) {
    kill(process_, SIGKILL);
    waitpid(process_, &status, 0);
  }
  process_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int DaemonProcess::end(int number) {
  signal(number);
  return wait_for_end();
}

int DaemonProcess::run_to_end() {
  spawn();
  return wait_for_end();
}

std::string DaemonProcess::token() const {
  std::string token = read_file(data() / "admin.token");
  while (!token.empty() && token.back() == '\n') token.pop_back();
  return token;
}

std::string DaemonProcess::log() const { return read_file(folder_.path() / "log"); }

}  // namespace consign::testing
