// Command client-go renews leases as a kubelet does, with k8s.io/client-go, and prints what that cost: the peer that
// lease-cost.ts compares our own client with. Its flags are those of src/lease-peer.ts.
package main

import (
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
	warmUp := flag.Float64("warm-up", 5, "seconds before the measured window")
	seconds := flag.Float64("seconds", 10, "length of the measured window")
	flag.Parse()

	if err := run(target, load, *warmUp, *seconds); err != nil {
		fmt.Fprintln(os.Stderr, "client-go peer:", err)
		os.Exit(1)
	}
}

func run(target target, load load, warmUp, seconds float64) error {
	clients, err := connect(target)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	renewers, err := startRenewers(ctx, clients, load)
	if err != nil {
		return err
	}
	time.Sleep(duration(warmUp))
	before, err := takeReading(renewers)
	if err != nil {
		return err
	}
	time.Sleep(duration(seconds))
	after, err := takeReading(renewers)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(costBetween(before, after))
}

func duration(seconds float64) time.Duration {
	return time.Duration(seconds * float64(time.Second))
}
