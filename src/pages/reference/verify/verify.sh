# Verify by hand: body.json is the raw body, $SIGNATURE the X-Webhook-Signature header.
expected=$(openssl dgst -sha256 -hmac "$WEBHOOK_SECRET" < body.json | sed 's/^.* //')

if [ "$SIGNATURE" = "$expected" ]; then
  echo "valid signature"
else
  echo "invalid signature"
  exit 1
fi
