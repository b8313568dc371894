// A client on pion: all candidates in the offer, pion's own defaults for everything else. It sends
// and writes Opus as pion hands it over; ffmpeg makes the tone and decodes what is heard.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
	"github.com/pion/webrtc/v4/pkg/media/oggreader"
	"github.com/pion/webrtc/v4/pkg/media/oggwriter"
)

// Task is what the program is to do: one JSON object as its only argument.
type Task struct {
	URL      string `json:"url"`
	Team     string `json:"team"`
	Token    string `json:"token"`
	Jid      string `json:"jid"`      // whom to call; empty: answer the first call that rings
	Sections int    `json:"sections"` // how many voices to receive side by side
	ToneHz   int    `json:"tone_hz"`
	Folder   string `json:"folder"` // a file of 16-bit mono samples at 48 kHz for each stream heard
}

// report tells whoever started this program how far it is: one line of JSON.
func report(event string, more ...string) {
	line := map[string]string{"event": event}
	if len(more) > 0 {
		line["text"] = more[0]
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func main() {
	log.SetFlags(0)
	var task Task
	if len(os.Args) != 2 || json.Unmarshal([]byte(os.Args[1]), &task) != nil {
		log.Fatal("usage: pion-client TASK")
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // its end means: hang up
		cancel()
	}()
	if err := takePart(ctx, task); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

func takePart(ctx context.Context, task Task) error {
	socket, err := signIn(task)
	if err != nil {
		return err
	}
	defer socket.close()
	report("online")
	jid := task.Jid
	if jid == "" {
		rung, err := socket.waitFor(ctx, "server.call.buzz")
		if err != nil {
			return err
		}
		jid = rung.Jid
	}
	connection, err := connect(ctx, task, socket.iceServers)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := socket.say("client.call.offer", map[string]any{
		"jid": jid, "muted": false, "trickle": false, "sdp": connection.LocalDescription().SDP,
	}); err != nil {
		return err
	}
	answer, err := socket.waitFor(ctx, "server.call.answer")
	if err != nil {
		return err
	}
	err = connection.SetRemoteDescription(
		webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer.Jsep.SDP})
	if err != nil {
		return err
	}
	report("answered")
	for {
		left, err := socket.waitFor(ctx, "server.call.leave")
		if ctx.Err() != nil {
			return socket.say("client.call.leave", map[string]any{"jid": jid})
		}
		if err != nil {
			return err
		}
		if left.Jid == jid {
			report("left")
			return nil
		}
	}
}

// connect makes the connection and its offer, with all candidates in it.
func connect(ctx context.Context, task Task, servers []webrtc.ICEServer) (
	*webrtc.PeerConnection, error) {
	connection, err := webrtc.NewPeerConnection(webrtc.Configuration{ICEServers: servers})
	if err != nil {
		return nil, err
	}
	connection.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		report(state.String())
	})
	var streams atomic.Int32
	connection.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		file := filepath.Join(task.Folder, fmt.Sprintf("%d.pcm", streams.Add(1)))
		if err := hear(track, file); err != nil {
			report("said", err.Error())
		}
	})
	tone, err := webrtc.NewTrackLocalStaticSample(
		webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "voice", "tone")
	if err != nil {
		return nil, err
	}
	if _, err = connection.AddTrack(tone); err != nil {
		return nil, err
	}
	for range task.Sections - 1 {
		if _, err = connection.AddTransceiverFromKind(
			webrtc.RTPCodecTypeAudio,
			webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly},
		); err != nil {
			return nil, err
		}
	}
	offer, err := connection.CreateOffer(nil)
	if err != nil {
		return nil, err
	}
	gathered := webrtc.GatheringCompletePromise(connection)
	if err = connection.SetLocalDescription(offer); err != nil {
		return nil, err
	}
	<-gathered
	go func() {
		if err := send(ctx, tone, task.ToneHz); err != nil && ctx.Err() == nil {
			report("said", err.Error())
		}
	}()
	return connection, nil
}

// send has ffmpeg make the tone, and sends a packet of it every 20 ms.
func send(ctx context.Context, track *webrtc.TrackLocalStaticSample, hz int) error {
	ffmpeg := exec.CommandContext(ctx, "ffmpeg", "-nostdin", "-v", "error",
		"-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=%d:sample_rate=48000", hz),
		"-af", "volume=2", // ffmpeg's sine has an amplitude of 1/8
		"-c:a", "libopus", "-b:a", "64k", "-frame_duration", "20", "-page_duration", "20000",
		"-f", "ogg", "pipe:1")
	ffmpeg.Stderr = os.Stderr
	output, err := ffmpeg.StdoutPipe()
	if err != nil {
		return err
	}
	if err = ffmpeg.Start(); err != nil {
		return err
	}
	defer ffmpeg.Wait()
	pages, _, err := oggreader.NewWith(output)
	if err != nil {
		return err
	}
	const frame = 20 * time.Millisecond
	ticker := time.NewTicker(frame)
	defer ticker.Stop()
	for {
		page, _, err := pages.ParseNextPage()
		if err != nil {
			return err
		}
		if len(page) >= 8 && string(page[:8]) == "OpusTags" {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		if err = track.WriteSample(media.Sample{Data: page, Duration: frame}); err != nil {
			return err
		}
	}
}

// hear has ffmpeg decode what comes, until the track ends.
func hear(track *webrtc.TrackRemote, file string) error {
	ffmpeg := exec.Command("ffmpeg", "-nostdin", "-v", "error",
		"-probesize", "32", "-fflags", "nobuffer", "-f", "ogg", "-i", "pipe:0",
		"-f", "s16le", "-ar", "48000", "-ac", "1", "-flush_packets", "1", "-y", file)
	ffmpeg.Stderr = os.Stderr
	input, err := ffmpeg.StdinPipe()
	if err != nil {
		return err
	}
	if err = ffmpeg.Start(); err != nil {
		return err
	}
	defer ffmpeg.Wait()
	defer input.Close()
	writer, err := oggwriter.NewWith(input, 48000, 2)
	if err != nil {
		return err
	}
	for {
		packet, _, err := track.ReadRTP()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err = writer.WriteRTP(packet); err != nil {
			return err
		}
	}
}
