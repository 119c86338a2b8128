// Command informer keeps the ConfigMaps and Pods of a namespace in client-go's shared informers, and tells what they hold:
// each line "dump" on stdin is answered by one line of JSON, and the end of stdin ends it. What client-go has to complain
// about goes to stderr. The environment chooses between its ways to begin: KUBE_FEATURE_WatchListClient=true or false.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	core "k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file with server and identity")
	namespace := flag.String("namespace", "default", "the namespace that is watched")
	encoding := flag.String("encoding", "protobuf", "of answers and watch events: protobuf or json")
	flag.Parse()

	if err := run(*kubeconfig, *namespace, *encoding); err != nil {
		fmt.Fprintln(os.Stderr, "informer:", err)
		os.Exit(1)
	}
}

func run(kubeconfig, namespace, encoding string) error {
	client, err := connect(kubeconfig, encoding)
	if err != nil {
		return err
	}
	faults := countFaults()
	kinds := map[string]*watchedKind{
		"configmaps": watchKind(client, "configmaps", namespace, &corev1.ConfigMap{}),
		"pods":       watchKind(client, "pods", namespace, &corev1.Pod{}),
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	for _, kind := range kinds {
		if err := kind.start(ctx); err != nil {
			return err
		}
	}
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		if command := commands.Text(); command != "dump" {
			return fmt.Errorf("unknown command %q", command)
		}
		answer, err := dumpOf(kinds, faults.Load())
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			return err
		}
	}
	return commands.Err()
}

func connect(kubeconfig, encoding string) (*core.CoreV1Client, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	switch encoding {
	case "protobuf":
		config.ContentType = runtime.ContentTypeProtobuf
	case "json":
		config.ContentType = runtime.ContentTypeJSON
	default:
		return nil, fmt.Errorf("unknown encoding %q", encoding)
	}
	// Nothing else is accepted: an answer in another encoding is an error.
	config.AcceptContentTypes = config.ContentType
	return core.NewForConfig(config)
}
