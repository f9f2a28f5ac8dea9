package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"os"
)

func main() {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, path := range map[string]string{"image": "portrait.jpg", "audio": "voiceover.mp3"} {
		file, err := os.Open(path)
		if err != nil {
			log.Fatal(err)
		}
		part, _ := form.CreateFormFile(field, path)
		io.Copy(part, file)
		file.Close()
	}
	form.WriteField("webhookUrl", "https://your.app/hooks/vidgen")
	form.Close()

	request, _ := http.NewRequest("POST", "https://example.com/api/jobs", &body)
	request.Header.Set("X-API-Key", os.Getenv("YOUR_API_KEY"))
	request.Header.Set("Content-Type", form.FormDataContentType())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()

	var answer struct{ JobID, Error string }
	json.NewDecoder(response.Body).Decode(&answer)
	if response.StatusCode != http.StatusCreated {
		log.Fatal(answer.Error)
	}
	fmt.Println(answer.JobID)
}
