import hashlib
import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, HTTPServer


class Hook(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        got = self.headers.get("X-Webhook-Signature", "")
        secret = os.environ["WEBHOOK_SECRET"].encode()
        expected = hmac.new(secret, body, hashlib.sha256).hexdigest()

        valid = hmac.compare_digest(got.encode(), expected.encode())
        if valid:
            event = json.loads(body)
            print(event["status"], event["outputVideo"])
        self.send_response(200 if valid else 401)
        self.end_headers()


HTTPServer(("", int(os.environ.get("PORT", 4000))), Hook).serve_forever()
