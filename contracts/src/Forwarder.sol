// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC2771Forwarder } from "@openzeppelin/contracts/metatx/ERC2771Forwarder.sol";
import { Genesis, Wiring } from "./libraries/Wiring.sol";

/// @title Relays signed requests of agents and clients, so that they need no gas of their own.
contract Forwarder is ERC2771Forwarder {
    constructor(Wiring memory, Genesis memory) ERC2771Forwarder("EventSourced Forwarder") { }
}
