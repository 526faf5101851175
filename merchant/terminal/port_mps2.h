/*
 * What the table of vectors takes from port_mps2.c.
 */
#ifndef TERMINAL_PORT_MPS2_H
#define TERMINAL_PORT_MPS2_H

void port_mps2_tick(void);
void port_mps2_scanner_irq(void);
void port_mps2_service_irq(void);

#endif
