// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts } from "../../src/libraries/Accounts.sol";

/// @title Stands where the Vault is, lets every call through to the Vault's code, and notes which kinds of accounts each
///        caller has moved money from.
contract TollBooth {
    address private immutable CODE;

    constructor(address code) {
        CODE = code;
    }

    /// @notice Where the kinds (bit i = kind i) stand that a module has debited; no slot of the Vault's own.
    function slotOf(address module) public pure returns (bytes32) {
        return keccak256(abi.encode("kinds that were debited by", module));
    }

    fallback() external {
        (bool ok, bytes memory answer) = CODE.delegatecall(msg.data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(answer, 32), mload(answer))
            }
        }
        if (msg.sig == IVault.move.selector) {
            bytes32 slot = slotOf(msg.sender);
            uint256 kind = uint256(1) << uint8(Accounts.kindOf(bytes32(msg.data[4:36])));
            assembly ("memory-safe") {
                sstore(slot, or(sload(slot), kind))
            }
        }
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }
}
