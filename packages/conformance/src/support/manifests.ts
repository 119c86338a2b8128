/** One object at least of every kind that can be listed and that no controller makes, with as many fields as there are. */
export const everyKindManifest = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, annotations: {example.com/note: "ümlaut €"}}
spec:
  replicas: 2
  minReadySeconds: 1
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      priorityClassName: high
      tolerations: [{key: dedicated, operator: Exists, effect: NoExecute, tolerationSeconds: 30}]
      securityContext: {runAsUser: 1000, fsGroup: 2000, supplementalGroups: [3000]}
      volumes:
      - {name: e, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
      - {name: c, configMap: {name: cm, optional: true, items: [{key: a, path: b, mode: 256}]}}
      - {name: s, secret: {secretName: sec, defaultMode: 384}}
      - name: d
        downwardAPI: {items: [{path: l, fieldRef: {fieldPath: metadata.labels}}]}
      initContainers: [{name: side, image: app:1, restartPolicy: Always}]
      containers:
      - name: c
        image: app:1
        ports: [{name: http, containerPort: 80}]
        command: [/app]
        args: [--flag]
        lifecycle: {preStop: {exec: {command: [/stop]}}}
        startupProbe: {exec: {command: [/check]}, periodSeconds: 1}
        readinessProbe: {httpGet: {path: /, port: http, httpHeaders: [{name: A, value: B}]}, periodSeconds: 1}
        livenessProbe: {tcpSocket: {port: 80}}
        resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
        env:
        - {name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: B, valueFrom: {configMapKeyRef: {name: cm, key: a, optional: true}}}
        - {name: C, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
        envFrom: [{prefix: P_, secretRef: {name: sec}}]
        volumeMounts: [{name: e, mountPath: /e, readOnly: true}]
        securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}}
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {app: web}}}
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [linux]}]}]
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 5
            podAffinityTerm: {topologyKey: host, labelSelector: {matchExpressions: [{key: app, operator: In, values: [web]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}
---
{apiVersion: batch/v1, kind: Job, metadata: {name: j}, spec: {backoffLimit: 2, template: {spec: {restartPolicy: Never, containers: [{name: c, image: app:1}]}}}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: cj}, spec: {schedule: "0 0 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: app:1}]}}}}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  serviceName: s
  selector: {matchLabels: {app: s}}
  template: {metadata: {labels: {app: s}}, spec: {containers: [{name: c, image: app:1}]}}
  volumeClaimTemplates: [{metadata: {name: d}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: d}, spec: {selector: {matchLabels: {app: d}}, template: {metadata: {labels: {app: d}}, spec: {containers: [{name: c, image: app:1}]}}}}
---
{apiVersion: v1, kind: ReplicationController, metadata: {name: rc}, spec: {replicas: 1, selector: {app: rc}, template: {metadata: {labels: {app: rc}}, spec: {containers: [{name: c, image: app:1}]}}}}
---
{apiVersion: v1, kind: PodTemplate, metadata: {name: pt}, template: {metadata: {labels: {app: pt}}, spec: {containers: [{name: c, image: app:1}]}}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}}
---
{apiVersion: v1, kind: PersistentVolume, metadata: {name: pv}, spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /x}}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: sc}, provisioner: x.example, parameters: {a: b}}
---
{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: x.example}, spec: {attachRequired: false}}
---
{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: va}, spec: {attacher: x.example, nodeName: node-a, source: {persistentVolumeName: pv}}}
---
{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: fast}, handler: fast, overhead: {podFixed: {cpu: 10m}}}
---
{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}, value: 1000}
---
{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: rs}, spec: {driver: x.example, nodeName: node-a, pool: {name: p, generation: 1, resourceSliceCount: 1}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: cm}, data: {a: b}, binaryData: {x: AAEC}, immutable: true}
---
{apiVersion: v1, kind: Secret, metadata: {name: sec}, stringData: {a: b}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods: "100"}}}
---
{apiVersion: v1, kind: LimitRange, metadata: {name: lr}, spec: {limits: [{type: Container, default: {cpu: "1"}, defaultRequest: {cpu: 1m}}]}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: rb}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects: [{kind: ServiceAccount, name: default, namespace: default}]}
`;
