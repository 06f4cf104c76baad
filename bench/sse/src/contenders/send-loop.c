/* The floor: accepts clients, answers each with the head of an event stream, and for every line on its standard input
 * sends one frame to all of them, with nothing but send(). Prints its port, then a line for every round. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MAX = 20000, FRAME_BYTES = 200 };
static int clients[CLIENTS_MAX];
static int count = 0;

static void accept_one(int listener) {
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n";
  char request[4096];
  int one = 1;
  int client = accept(listener, NULL, NULL);
  if (client < 0 || count == CLIENTS_MAX) return;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (recv(client, request, sizeof request, 0) <= 0 || send(client, head, sizeof head - 1, MSG_NOSIGNAL) < 0) {
    close(client);
    return;
  }
  clients[count++] = client;
}

static void send_to_all(const char *frame) {
  for (int i = 0; i < count;) {
    if (send(clients[i], frame, FRAME_BYTES, MSG_NOSIGNAL) == FRAME_BYTES) i++;
    else {
      close(clients[i]);
      clients[i] = clients[--count];
    }
  }
}

int main(void) {
  char frame[FRAME_BYTES + 1], line[64];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  memset(frame, 'x', FRAME_BYTES);
  memcpy(frame, "data: ^", 7);
  memcpy(frame + FRAME_BYTES - 2, "\n\n", 2);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  struct pollfd watched[2] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
  for (;;) {
    if (poll(watched, 2, -1) < 0 && errno != EINTR) return 1;
    if (watched[0].revents & POLLIN) accept_one(listener);
    if (watched[1].revents & (POLLIN | POLLHUP)) {
      if (read(STDIN_FILENO, line, sizeof line) <= 0) return 0;
      send_to_all(frame);
      puts("sent");
      fflush(stdout);
    }
  }
}
