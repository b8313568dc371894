// pion's TURN client against a TURN server: for each transport it allocates, sends datagrams through
// the relayed address to an echo of its own, and says how many came back.
//
// usage: pionturn HOST PORT TLS_PORT USER PASSWORD ECHO_HOST
package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/pion/turn/v5"
)

const datagrams = 200

func main() {
	host, port, tlsPort := os.Args[1], os.Args[2], os.Args[3]
	user, password := os.Args[4], os.Args[5]
	echo, err := net.ListenPacket("udp4", net.JoinHostPort(os.Args[6], "0"))
	check(err)
	go answer(echo)
	for _, transport := range []string{"udp", "tcp", "tls"} {
		server := net.JoinHostPort(host, port)
		if transport == "tls" {
			server = net.JoinHostPort(host, tlsPort)
		}
		back, err := relay(connect(transport, server), server, user, password, echo.LocalAddr())
		check(err)
		fmt.Printf("%s: %d of %d came back\n", transport, back, datagrams)
	}
}

func connect(transport, server string) net.PacketConn {
	switch transport {
	case "udp":
		connection, err := net.ListenPacket("udp4", "0.0.0.0:0")
		check(err)
		return connection
	case "tcp":
		connection, err := net.Dial("tcp4", server)
		check(err)
		return turn.NewSTUNConn(connection)
	default:
		// The test signs for its server itself.
		connection, err := tls.Dial("tcp4", server, &tls.Config{InsecureSkipVerify: true})
		check(err)
		return turn.NewSTUNConn(connection)
	}
}

func relay(connection net.PacketConn, server, user, password string, peer net.Addr) (int, error) {
	client, err := turn.NewClient(&turn.ClientConfig{
		STUNServerAddr: server, TURNServerAddr: server,
		Username: user, Password: password, Conn: connection,
	})
	if err != nil {
		return 0, err
	}
	defer client.Close()
	if err = client.Listen(); err != nil {
		return 0, err
	}
	relayed, err := client.Allocate()
	if err != nil {
		return 0, err
	}
	defer relayed.Close()
	back := 0
	buffer := make([]byte, 1500)
	for i := 0; i < datagrams; i++ {
		said := fmt.Sprintf("datagram %d of %d", i, datagrams)
		if _, err = relayed.WriteTo([]byte(said), peer); err != nil {
			return back, err
		}
		if err = relayed.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			return back, err
		}
		n, from, err := relayed.ReadFrom(buffer)
		if err != nil {
			return back, err
		}
		if string(buffer[:n]) == said && from.String() == peer.String() {
			back++
		}
	}
	return back, nil
}

func answer(echo net.PacketConn) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := echo.ReadFrom(buffer)
		if err != nil {
			return
		}
		if _, err = echo.WriteTo(buffer[:n], from); err != nil {
			return
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}
