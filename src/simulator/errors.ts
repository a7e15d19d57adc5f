import { CodedError } from '../core/base-error.ts'

/** What can be wrong with what the simulator is asked to make. */
export type SimulatorErrorCode =
  | 'SIMULATOR_SEED_EMPTY'
  | 'SIMULATOR_LABEL_INVALID'
  | 'SIMULATOR_TIME_INVALID'
  | 'SIMULATOR_TIME_OUT_OF_RANGE'
  | 'SIMULATOR_REGION_INVALID'
  | 'SIMULATOR_INSTANCE_ID_INVALID'
  | 'SIMULATOR_PCR_INVALID'
  | 'SIMULATOR_OPTION_NOT_FOR_KIND'
  | 'SIMULATOR_FAULT_UNKNOWN'
  | 'SIMULATOR_BOOT_PCR_INVALID'
  | 'SIMULATOR_ENCLAVES_FULL'
  | 'SIMULATOR_SOCKET_PATH_INVALID'
  | 'SIMULATOR_SOCKET_FOREIGN'
  | 'SIMULATOR_SOCKET_IN_USE'
  | 'SIMULATOR_SOCKET_UNAVAILABLE'

/** A document or a lab that cannot be made as asked. The message names the option. */
export class SimulatorError extends CodedError<SimulatorErrorCode> {
  override readonly name = 'SimulatorError'
}
