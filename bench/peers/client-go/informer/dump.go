package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/tools/cache"
)

// dump is the answer to one "dump".
type dump struct {
	// Kinds by resource.
	Kinds map[string]kindDump `json:"kinds"`
	// Faults counts what client-go handed to its error handlers.
	Faults int64 `json:"faults"`
}

type kindDump struct {
	Synced bool `json:"synced"`
	// Objects by "namespace/name".
	Objects  map[string]objectDump `json:"objects"`
	Events   eventDump             `json:"events"`
	Requests requestDump           `json:"requests"`
}

type objectDump struct {
	ResourceVersion string `json:"resourceVersion"`
	// Hash of the whole object, see hashOf.
	Hash string `json:"hash"`
}

type eventDump struct {
	Added     int64 `json:"added"`
	Updated   int64 `json:"updated"`
	Deleted   int64 `json:"deleted"`
	Resynced  int64 `json:"resynced"`
	Backwards int64 `json:"backwards"`
}

type requestDump struct {
	Lists      int64 `json:"lists"`
	Watches    int64 `json:"watches"`
	WatchLists int64 `json:"watchLists"`
	Expired    int64 `json:"expired"`
}

func dumpOf(kinds map[string]*watchedKind, faults int64) (dump, error) {
	all := dump{Kinds: make(map[string]kindDump, len(kinds)), Faults: faults}
	for resource, kind := range kinds {
		objects, err := objectsOf(kind.informer.GetStore())
		if err != nil {
			return dump{}, err
		}
		all.Kinds[resource] = kindDump{
			Synced:  kind.informer.HasSynced(),
			Objects: objects,
			Events: eventDump{
				Added:     kind.added.Load(),
				Updated:   kind.updated.Load(),
				Deleted:   kind.deleted.Load(),
				Resynced:  kind.resynced.Load(),
				Backwards: kind.backwards.Load(),
			},
			Requests: requestDump{
				Lists:      kind.requests.lists.Load(),
				Watches:    kind.requests.watches.Load(),
				WatchLists: kind.requests.watchLists.Load(),
				Expired:    kind.requests.expired.Load(),
			},
		}
	}
	return all, nil
}

func objectsOf(store cache.Store) (map[string]objectDump, error) {
	objects := make(map[string]objectDump)
	for _, key := range store.ListKeys() {
		object, exists, err := store.GetByKey(key)
		if err != nil {
			return nil, err
		}
		if !exists {
			continue
		}
		accessor, err := meta.Accessor(object)
		if err != nil {
			return nil, err
		}
		hash, err := hashOf(object)
		if err != nil {
			return nil, err
		}
		objects[key] = objectDump{ResourceVersion: accessor.GetResourceVersion(), Hash: hash}
	}
	return objects, nil
}

// hashOf is the SHA-256 in hex of the object's JSON without kind and apiVersion, with sorted keys and no white space: the
// same for an object however it came here.
func hashOf(object any) (string, error) {
	encoded, err := json.Marshal(object)
	if err != nil {
		return "", err
	}
	var plain map[string]any
	if err := json.Unmarshal(encoded, &plain); err != nil {
		return "", err
	}
	delete(plain, "kind")
	delete(plain, "apiVersion")
	var canonical bytes.Buffer
	encoder := json.NewEncoder(&canonical)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(plain); err != nil {
		return "", err
	}
	sum := sha256.Sum256(bytes.TrimSuffix(canonical.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), nil
}
