// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { OpenedCase } from "./OpenedCase.sol";

/// @title A panel that is to vote, and the owner of its first seat.
abstract contract PanelCase is OpenedCase {
    uint256 internal seat;
    address internal owner;

    function setUp() public virtual override {
        super.setUp();
        seated(disputeId);
        seat = seatOf(disputeId, 0).verifierId;
        owner = registry.ownerOf(seat);
    }
}
