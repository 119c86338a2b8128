package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
	"k8s.io/client-go/rest"
)

// target says where the API server is and as whom it is called.
type target struct {
	server, caFile, tokenFile, certDir, userAgent string
	connections                                   int
}

// openConnections counts the TCP connections that are open.
var openConnections atomic.Int64

// countedConn is a connection that counts as open until it is closed.
type countedConn struct {
	net.Conn
	closed sync.Once
}

func (conn *countedConn) Close() error {
	conn.closed.Do(func() { openConnections.Add(-1) })
	return conn.Conn.Close()
}

func dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	openConnections.Add(1)
	return &countedConn{Conn: conn}, nil
}

// connect makes one client per connection, each with a transport of its own.
func connect(target target) ([]coordination.CoordinationV1Interface, error) {
	base, err := baseConfig(target)
	if err != nil {
		return nil, err
	}
	clients := make([]coordination.CoordinationV1Interface, target.connections)
	for i := range clients {
		config := rest.CopyConfig(base)
		if target.certDir != "" {
			config.CertData, err = os.ReadFile(filepath.Join(target.certDir, fmt.Sprintf("%05d.crt", i)))
			if err != nil {
				return nil, err
			}
		}
		if clients[i], err = coordination.NewForConfig(config); err != nil {
			return nil, err
		}
	}
	return clients, nil
}

// baseConfig is the kubelet's heartbeat client (cmd/kubelet/app/server.go): protobuf, no rate limit, 10 s for a request.
func baseConfig(target target) (*rest.Config, error) {
	ca, err := os.ReadFile(target.caFile)
	if err != nil {
		return nil, err
	}
	config := &rest.Config{
		Host:            target.server,
		UserAgent:       target.userAgent,
		QPS:             -1,
		Timeout:         10 * time.Second,
		TLSClientConfig: rest.TLSClientConfig{CAData: ca},
		ContentConfig: rest.ContentConfig{
			ContentType:        runtime.ContentTypeProtobuf,
			AcceptContentTypes: runtime.ContentTypeProtobuf + "," + runtime.ContentTypeJSON,
		},
		// A dial function also keeps client-go's transport cache from giving equal configs one connection.
		Dial: dial,
	}
	if target.tokenFile != "" {
		token, err := os.ReadFile(target.tokenFile)
		if err != nil {
			return nil, err
		}
		config.BearerToken = strings.TrimSpace(string(token))
	}
	if target.certDir != "" {
		config.KeyData, err = os.ReadFile(filepath.Join(target.certDir, "key.pem"))
		if err != nil {
			return nil, err
		}
	}
	return config, nil
}
