# A webhook by hand: body.json holds the body, byte for byte; $SIGNATURE the X-Webhook-Signature header.
expected=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" < body.json | sed 's/^.* //')

if [ "$SIGNATURE" = "$expected" ]; then
  echo "genuine"
else
  echo "not from VidGen"
  exit 1
fi
