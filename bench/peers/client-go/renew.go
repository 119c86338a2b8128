package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	coordination "k8s.io/client-go/kubernetes/typed/coordination/v1"
)

const leaseNamespace = "kube-node-lease"

// connectingAtOnce bounds the handshakes under way.
const connectingAtOnce = 50

// load says which leases are renewed how often.
type load struct {
	prefix string
	leases int
	rate   float64
}

// renewers is one goroutine per lease, and what they have counted.
type renewers struct {
	calls, errors, skipped atomic.Int64
	stopped                chan struct{}
	running                sync.WaitGroup
}

// startRenewers reads every lease, then renews each from a goroutine of its own, as one kubelet each would.
func startRenewers(ctx context.Context, clients []coordination.CoordinationV1Interface, load load) (*renewers, error) {
	leases, err := readLeases(ctx, clients, load)
	if err != nil {
		return nil, err
	}
	all := &renewers{stopped: make(chan struct{})}
	spacing := time.Duration(float64(time.Second) / load.rate)
	start := time.Now()
	for i, lease := range leases {
		client := clients[i%len(clients)].Leases(leaseNamespace)
		due := start.Add(time.Duration(i) * spacing)
		all.running.Go(func() { all.keepRenewing(ctx, client, lease, due, time.Duration(load.leases)*spacing) })
	}
	return all, nil
}

// stop waits for the renewals under way.
func (all *renewers) stop() {
	close(all.stopped)
	all.running.Wait()
}

// keepRenewing renews at due and every period after it. A renewal that was due while the last one ran is skipped.
func (all *renewers) keepRenewing(ctx context.Context, client coordination.LeaseInterface, lease *coordinationv1.Lease, due time.Time, period time.Duration) {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	for {
		select {
		case <-all.stopped:
			return
		case <-timer.C:
		}
		lease = all.renew(ctx, client, lease)
		for due = due.Add(period); time.Until(due) < 0; due = due.Add(period) {
			all.skipped.Add(1)
		}
		timer.Reset(time.Until(due))
	}
}

// renew does what a kubelet's lease controller does in steady state (component-helpers/apimachinery/lease/controller.go):
// a PUT of a copy of the last answer with a new renewTime.
func (all *renewers) renew(ctx context.Context, client coordination.LeaseInterface, base *coordinationv1.Lease) *coordinationv1.Lease {
	lease := base.DeepCopy()
	lease.Spec.LeaseDurationSeconds = new(int32)
	*lease.Spec.LeaseDurationSeconds = 40
	lease.Spec.RenewTime = &metav1.MicroTime{Time: time.Now()}
	answer, err := client.Update(ctx, lease, metav1.UpdateOptions{})
	if err != nil {
		if all.errors.Add(1) == 1 {
			fmt.Fprintln(os.Stderr, "client-go peer: first error:", err)
		}
		return base
	}
	all.calls.Add(1)
	return answer
}

// readLeases lets each client's first request go alone: several that wait for one connection open several.
func readLeases(ctx context.Context, clients []coordination.CoordinationV1Interface, load load) ([]*coordinationv1.Lease, error) {
	leases := make([]*coordinationv1.Lease, load.leases)
	read := func(i int) (err error) {
		name := fmt.Sprintf("%s-%05d", load.prefix, i)
		leases[i], err = clients[i%len(clients)].Leases(leaseNamespace).Get(ctx, name, metav1.GetOptions{})
		return err
	}
	if err := forEach(0, len(clients), read); err != nil {
		return nil, err
	}
	return leases, forEach(len(clients), load.leases, read)
}

// forEach calls read for every number from begin up to end, connectingAtOnce of them at a time.
func forEach(begin, end int, read func(int) error) error {
	failures := make([]error, end)
	slots := make(chan struct{}, connectingAtOnce)
	var done sync.WaitGroup
	for i := begin; i < end; i++ {
		slots <- struct{}{}
		done.Go(func() {
			defer func() { <-slots }()
			failures[i] = read(i)
		})
	}
	done.Wait()
	return errors.Join(failures...)
}
