// Command client-go renews leases as a kubelet does, with k8s.io/client-go, and prints what that cost: the peer that
// lease-cost.ts compares our own client with. Its flags and its protocol are those of src/lease-peer.ts: each line on
// stdin, "<warm-up> <seconds>", asks for one measured window; its cost is answered by one line of JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	var target target
	var load load
	flag.StringVar(&target.server, "server", "", "https://host:port of the API server")
	flag.StringVar(&target.caFile, "ca", "", "file with the PEM of the API server's authority")
	flag.StringVar(&target.tokenFile, "token-file", "", "file with one bearer token for all connections")
	flag.StringVar(&target.certDir, "cert-dir", "", "folder with key.pem and one NNNNN.crt per connection")
	flag.StringVar(&target.userAgent, "user-agent", "", "User-Agent of all requests")
	flag.IntVar(&target.connections, "connections", 1, "connections, with a transport each")
	flag.StringVar(&load.prefix, "lease-prefix", "", "begins the names of the leases: <prefix>-NNNNN")
	flag.IntVar(&load.leases, "leases", 1000, "leases, dealt out to the connections in turn")
	flag.Float64Var(&load.rate, "rate", 300, "renewals per second, over all leases")
	flag.Parse()

	if err := run(target, load); err != nil {
		fmt.Fprintln(os.Stderr, "client-go peer:", err)
		os.Exit(1)
	}
}

func run(target target, load load) error {
	clients, err := connect(target)
	if err != nil {
		return err
	}
	requests := bufio.NewScanner(os.Stdin)
	for requests.Scan() {
		var warmUp, seconds float64
		if _, err := fmt.Sscan(requests.Text(), &warmUp, &seconds); err != nil {
			return err
		}
		renewers, err := startRenewers(context.Background(), clients, load)
		if err != nil {
			return err
		}
		cost, err := measure(renewers, duration(warmUp), duration(seconds))
		renewers.stop()
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(cost); err != nil {
			return err
		}
	}
	return requests.Err()
}

func measure(renewers *renewers, warmUp, window time.Duration) (cost, error) {
	time.Sleep(warmUp)
	before, err := takeReading(renewers)
	if err != nil {
		return cost{}, err
	}
	time.Sleep(window)
	after, err := takeReading(renewers)
	if err != nil {
		return cost{}, err
	}
	return costBetween(before, after), nil
}

func duration(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}
