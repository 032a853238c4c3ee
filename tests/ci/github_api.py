"""GitHub's API as far as a comment needs it, on a UNIX socket, for the real `gh`.

    github_api.py SOCKET COMMENTS [refuse]

COMMENTS is a JSON file with the comments of the pull request, rewritten with each request. They are listed in
pages of two. With `refuse` nothing may be written, as for the token that a fork's pull request gets.
"""

import json
import re
import socketserver
import sys
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

SOCKET, FILE = sys.argv[1:3]
REFUSE = sys.argv[3:] == ["refuse"]
BOT = "github-actions[bot]"
LIST = "/repos/acme/shop/issues/7/comments"


class Handler(BaseHTTPRequestHandler):
    def answer(self, status, value, headers=()):
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in [*headers, ("Content-Type", "application/json"), ("Content-Length", len(body))]:
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urlsplit(self.path)
        page = int(parse_qs(url.query).get("page", ["1"])[0])
        comments = read()
        more = f'<https://api.github.com{LIST}?page={page + 1}>; rel="next"'
        headers = [("Link", more)] if len(comments) > page * 2 else []
        found = url.path == LIST
        self.answer(200 if found else 404, comments[page * 2 - 2 : page * 2] if found else {}, headers)

    def do_POST(self):
        sent = self.sent()
        if self.path == "/graphql":
            self.answer(200, {"data": {"viewer": {"login": BOT}}})
        elif REFUSE or self.path != LIST:
            self.answer(403, {"message": "Resource not accessible by integration"})
        else:
            comments = read()
            comment = {"id": 100 + len(comments), "user": {"login": BOT}, "body": sent["body"]}
            write([*comments, comment])
            self.answer(201, comment)

    def do_PATCH(self):
        sent = self.sent()
        number = re.fullmatch(r"/repos/acme/shop/issues/comments/(\d+)", self.path)
        comments = read()
        mine = [it for it in comments if number and it["id"] == int(number[1])]
        if REFUSE or not mine:
            self.answer(403, {"message": "Resource not accessible by integration"})
        else:
            mine[0]["body"] = sent["body"]
            write(comments)
            self.answer(200, mine[0])

    def sent(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def address_string(self):
        return "gh"

    def log_message(self, *_):
        pass


def read():
    with open(FILE) as file:
        return json.load(file)


def write(comments):
    with open(FILE, "w") as file:
        json.dump(comments, file)


with socketserver.UnixStreamServer(SOCKET, Handler) as server:
    server.serve_forever()
