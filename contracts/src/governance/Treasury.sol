// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITreasury } from "../interfaces/ITreasury.sol";
import { IVault } from "../interfaces/IVault.sol";
import { Accounts, Reasons } from "../libraries/Accounts.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See ITreasury. It stores nothing.
contract Treasury is ITreasury {
    IVault internal immutable VAULT;
    address internal immutable TIMELOCK;

    constructor(Wiring memory wiring, Genesis memory) {
        VAULT = IVault(wiring.vault);
        TIMELOCK = wiring.timelock;
    }

    /// @inheritdoc ITreasury
    function spend(address recipient, uint256 amount, bytes32 purpose) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        require(recipient != address(0), ZeroRecipient());
        VAULT.move(Accounts.TREASURY, Accounts.credit(recipient), purpose, amount, Reasons.SPEND);
    }

    /// @inheritdoc ITreasury
    function funds() external view returns (uint256) {
        return VAULT.balanceOf(Accounts.TREASURY);
    }
}
