package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
)

func hook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, "cannot read body", http.StatusBadRequest)
		return
	}
	got, _ := hex.DecodeString(r.Header.Get("X-Webhook-Signature"))
	mac := hmac.New(sha256.New, []byte(os.Getenv("WEBHOOK_SECRET")))
	mac.Write(body)
	if !hmac.Equal(got, mac.Sum(nil)) {
		http.Error(w, "invalid signature", http.StatusUnauthorized)
		return
	}

	var event struct{ Status, OutputVideo string }
	json.Unmarshal(body, &event)
	log.Println(event.Status, event.OutputVideo)
}

func main() {
	http.HandleFunc("/hooks/vidgen", hook)
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
