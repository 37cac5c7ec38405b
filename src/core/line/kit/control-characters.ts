/** Control characters of ISO 646 that the basic-mode protocols use (ISO 1745; ESPA 4.4.4, TAP 1.8). */
export const SOH = 0x01
export const STX = 0x02
export const ETX = 0x03
export const EOT = 0x04
export const ENQ = 0x05
export const ACK = 0x06
export const LF = 0x0a
export const CR = 0x0d
export const XON = 0x11
export const XOFF = 0x13
export const NAK = 0x15
export const ETB = 0x17
export const SUB = 0x1a
export const BEL = 0x07
export const ESC = 0x1b
export const RS = 0x1e
export const US = 0x1f
