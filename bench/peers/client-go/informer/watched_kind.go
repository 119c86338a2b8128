package main

import (
	"context"
	"strconv"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/cache"
)

// watchedKind is the informer of one kind, and what it and its handler have counted.
type watchedKind struct {
	informer cache.SharedInformer
	requests requestCounts
	// Events of the handler. Resynced are updates that change nothing; backwards are those to an older resourceVersion.
	added, updated, deleted, resynced, backwards atomic.Int64
}

func watchKind(client *core.CoreV1Client, resource, namespace string, example runtime.Object) *watchedKind {
	kind := &watchedKind{}
	source := countedListWatch(client.RESTClient(), resource, namespace, &kind.requests)
	kind.informer = cache.NewSharedInformer(source, example, 0)
	return kind
}

// start lets the informer run until ctx is done.
func (kind *watchedKind) start(ctx context.Context) error {
	_, err := kind.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { kind.added.Add(1) },
		UpdateFunc: kind.countUpdate,
		DeleteFunc: func(any) { kind.deleted.Add(1) },
	})
	if err != nil {
		return err
	}
	go kind.informer.RunWithContext(ctx)
	return nil
}

func (kind *watchedKind) countUpdate(before, after any) {
	switch previous, next := revisionOf(before), revisionOf(after); {
	case next == previous:
		kind.resynced.Add(1)
	case next < previous:
		kind.backwards.Add(1)
	default:
		kind.updated.Add(1)
	}
}

// revisionOf is the resourceVersion as the number that it is on every server of ours; 0 if it is none.
func revisionOf(object any) uint64 {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return 0
	}
	revision, err := strconv.ParseUint(accessor.GetResourceVersion(), 10, 64)
	if err != nil {
		return 0
	}
	return revision
}

// countFaults counts what client-go hands to its error handlers: objects and events it can do nothing with, and failures of
// lists and watches other than those it takes for the usual end of a connection.
func countFaults() *atomic.Int64 {
	faults := &atomic.Int64{}
	utilruntime.ErrorHandlers = append(utilruntime.ErrorHandlers, func(context.Context, error, string, ...any) {
		faults.Add(1)
	})
	return faults
}
