package main

import (
	"context"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// requestCounts counts the requests of a reflector. Watches go on from a resourceVersion, watchLists begin with the present
// state; expired are the answers 410, whether to a request or within a watch.
type requestCounts struct {
	lists, watches, watchLists, expired atomic.Int64
}

// countedListWatch is client-go's own ListWatch, counted.
func countedListWatch(client rest.Interface, resource, namespace string, counts *requestCounts) cache.ListerWatcher {
	plain := cache.NewListWatchFromClient(client, resource, namespace, fields.Everything())
	return &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			counts.lists.Add(1)
			list, err := plain.ListWithContext(ctx, options)
			counts.countExpired(err)
			return list, err
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
			if options.SendInitialEvents != nil && *options.SendInitialEvents {
				counts.watchLists.Add(1)
			} else {
				counts.watches.Add(1)
			}
			events, err := plain.WatchWithContext(ctx, options)
			if err != nil {
				counts.countExpired(err)
				return nil, err
			}
			return watch.Filter(events, counts.countErrorEvent), nil
		},
	}
}

func (counts *requestCounts) countErrorEvent(event watch.Event) (watch.Event, bool) {
	if event.Type == watch.Error {
		counts.countExpired(apierrors.FromObject(event.Object))
	}
	return event, true
}

func (counts *requestCounts) countExpired(err error) {
	if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		counts.expired.Add(1)
	}
}
