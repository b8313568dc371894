package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
)

// socket is one signed-in socket of the call protocol. Whatever has to be confirmed is.
type socket struct {
	conn       *websocket.Conn
	frames     chan frame
	confirmIDs int
	iceServers []webrtc.ICEServer
}

type frame struct {
	Event     string          `json:"event"`
	ConfirmID string          `json:"confirm_id,omitempty"`
	Params    json.RawMessage `json:"params,omitempty"`
}

// told is what this client wants to know of any event.
type told struct {
	Jid  string `json:"jid"`
	Jsep struct {
		SDP string `json:"sdp"`
	} `json:"jsep"`
}

func signIn(task Task) (*socket, error) {
	for _, path := range []string{"/api/v4/ping", "/api/v4/teams/" + task.Team} {
		var answer struct {
			OK    bool   `json:"ok"`
			Error string `json:"error"`
		}
		if err := get(task, path, &answer); err != nil {
			return nil, err
		}
		if !answer.OK {
			return nil, fmt.Errorf("%s: %s", path, answer.Error)
		}
	}
	var features struct {
		ICEServers []struct {
			URL        string `json:"urls"`
			Username   string `json:"username"`
			Credential string `json:"credential"`
		} `json:"ice_servers"`
	}
	if err := get(task, "/features.json", &features); err != nil {
		return nil, err
	}
	conn, _, err := websocket.Dial(context.Background(),
		strings.Replace(task.URL, "http", "ws", 1)+"/messaging/"+task.Team,
		&websocket.DialOptions{HTTPHeader: http.Header{"token": {task.Token}}})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(8 << 20)
	signedIn := &socket{conn: conn, frames: make(chan frame, 256)}
	for _, server := range features.ICEServers {
		signedIn.iceServers = append(signedIn.iceServers, webrtc.ICEServer{
			URLs: []string{server.URL}, Username: server.Username, Credential: server.Credential})
	}
	go signedIn.read()
	return signedIn, nil
}

func get(task Task, path string, into any) error {
	request, err := http.NewRequest(http.MethodGet, task.URL+path, nil)
	if err != nil {
		return err
	}
	request.Header.Set("token", task.Token)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return json.NewDecoder(answer.Body).Decode(into)
}

// say sends an event; nothing waits for its confirmation.
func (s *socket) say(event string, params any) error {
	text, err := json.Marshal(params)
	if err != nil {
		return err
	}
	s.confirmIDs++
	return s.send(frame{event, fmt.Sprintf("c%d", s.confirmIDs), text})
}

func (s *socket) send(out frame) error {
	text, err := json.Marshal(out)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, text)
}

func (s *socket) read() {
	defer close(s.frames)
	for {
		_, text, err := s.conn.Read(context.Background())
		if err != nil {
			return
		}
		var in frame
		if err = json.Unmarshal(text, &in); err != nil {
			report("said", err.Error())
			return
		}
		if in.ConfirmID != "" {
			id, _ := json.Marshal(map[string]string{"confirm_id": in.ConfirmID})
			_ = s.send(frame{Event: "client.confirm", Params: id})
		}
		if in.Event == "server.warning" || in.Event == "server.debug" {
			report("said", string(in.Params))
		}
		s.frames <- in
	}
}

// waitFor returns the next event of this name.
func (s *socket) waitFor(ctx context.Context, event string) (told, error) {
	var params told
	for {
		select {
		case <-ctx.Done():
			return params, ctx.Err()
		case in, open := <-s.frames:
			if !open {
				return params, fmt.Errorf("the socket closed before %s came", event)
			}
			if in.Event == event {
				return params, json.Unmarshal(in.Params, &params)
			}
		}
	}
}

func (s *socket) close() {
	_ = s.conn.Close(websocket.StatusNormalClosure, "")
}
