/** Which calls are about containers, and which about services. */
import type { Handlers } from '../../shared/api/dispatch';

/** Calls about containers. */
export type ContainerHandlers = Pick<Handlers, 'containers' | 'containerDetails' | 'containerAction' | 'containerDisk' | 'measureContainerDisk'>;

/** Calls about services. */
export type ServiceHandlers = Pick<Handlers, 'services' | 'serviceConfigs' | 'saveService' | 'removeService' | 'testService' | 'newHeartbeat' | 'exportServices' | 'importServices'>;
